// Every job of the daemon: what state it is in, how fast it goes, and what can be done to it.

import { useRef, useState } from "preact/hooks";
import type { Connection } from "../connection.ts";
import { plural } from "../format.ts";
import type { JobsStore, ListedJob } from "../jobs-store.ts";
import { go, route } from "../route.ts";
import { useStore, useTicks } from "../store.ts";
import { Icon } from "../ui/icons.tsx";
import { Notice, Skeleton } from "../ui/notice.tsx";
import { VirtualList } from "../ui/virtual-list.tsx";
import { ActionButton } from "./action-button.tsx";
import { chosenJobs, statusGroups, type ListWishes, type SortKey } from "./job-filter.ts";
import { JobRow, jobRowHeight } from "./job-row.tsx";

const columns: readonly { readonly key: SortKey; readonly label: string; readonly number?: true }[] = [
  { key: "status", label: "State" },
  { key: "name", label: "Job" },
  { key: "records", label: "Records", number: true },
  { key: "rate", label: "Rate", number: true },
  { key: "runtime", label: "Runtime", number: true },
  { key: "restarts", label: "Restarts", number: true },
  { key: "number", label: "Submitted", number: true },
];

function wishesOf(query: Readonly<Record<string, string>>): ListWishes {
  const [key = "", direction] = (query["sort"] ?? "number-down").split("-");
  const sort = columns.some((column) => column.key === key) ? (key as SortKey) : "number";
  return { status: query["status"] ?? "", search: query["q"] ?? "", sort, descending: direction !== "up" };
}

export function JobsPage({ connection, jobs: store }: { readonly connection: Connection; readonly jobs: JobsStore }) {
  const all = useStore(store.jobs);
  const { query } = useStore(route);
  const offered = useStore(connection.server)?.actions ?? [];
  const [selected, select] = useState<ReadonlySet<string>>(new Set());
  const scroller = useRef<HTMLDivElement>(null);
  useTicks(1_000);
  const wishes = wishesOf(query);
  const wish = (more: Partial<ListWishes>) => {
    const { status, search, sort, descending } = { ...wishes, ...more };
    const order = `${sort}-${descending ? "down" : "up"}`;
    go({ path: ["jobs"], query: { status, q: search, sort: order === "number-down" ? "" : order } }, { replace: true });
  };
  if (!all) return <main id="main"><h1>Jobs</h1><Skeleton lines={6} /></main>;
  const shown = chosenJobs(all, wishes);
  const chosen = all.filter(({ jobId }) => selected.has(jobId));
  const toggle = (jobId: string) => {
    const next = new Set(selected);
    if (!next.delete(jobId)) next.add(jobId);
    select(next);
  };
  const allShownSelected = shown.length > 0 && shown.every(({ jobId }) => selected.has(jobId));
  return (
    <main id="main" class="jobs-page">
      <div class="page-head">
        <h1>Jobs</h1>
        <span class="muted" role="status" aria-live="polite">{shown.length === all.length ? plural(all.length, "job") : `${shown.length} of ${plural(all.length, "job")}`}</span>
        <label class="search">
          <Icon name="search" />
          <input type="search" aria-label="Search jobs" placeholder="Name, id, #number or label=value" value={wishes.search} onInput={(event) => wish({ search: event.currentTarget.value })} />
        </label>
      </div>
      {all.length === 0 ? null : <div class="chips" role="group" aria-label="Filter by state">
        <Chip label="All" count={all.length} on={wishes.status === ""} onClick={() => wish({ status: "" })} />
        {statusGroups.map(({ id, label, has }) => {
          const count = all.filter(({ status }) => has.includes(status)).length;
          return count > 0 || wishes.status === id ? <Chip key={id} label={label} count={count} on={wishes.status === id} onClick={() => wish({ status: id })} /> : null;
        })}
      </div>}
      {chosen.length > 0 ? (
        <div class="bulk" role="region" aria-label="Selected jobs">
          <strong>{plural(chosen.length, "job")} selected</strong>
          {offered.map((action) => <ActionButton key={action} action={action} jobs={chosen} onDone={() => select(new Set())} />)}
          <button type="button" class="button quiet" onClick={() => select(new Set())}>Clear selection</button>
        </div>
      ) : null}
      {shown.length === 0 ? <Nothing any={all.length > 0} onClear={() => wish({ status: "", search: "" })} /> : (
        <div class="card table" role="table" aria-label="Jobs" aria-rowcount={shown.length + 1}>
          <div class="row head" role="row" aria-rowindex={1}>
            <span role="columnheader" class="check">
              <input type="checkbox" aria-label="Select all shown jobs" checked={allShownSelected} onChange={() => select(allShownSelected ? new Set() : new Set(shown.map(({ jobId }) => jobId)))} />
            </span>
            {columns.map(({ key, label, number }) => (
              <span key={key} role="columnheader" class={`cell-${key} ${number ? "number" : ""}`} aria-sort={wishes.sort === key ? (wishes.descending ? "descending" : "ascending") : "none"}>
                <button type="button" onClick={() => wish({ sort: key, descending: wishes.sort === key ? !wishes.descending : key !== "name" && key !== "status" })}>
                  {label}{wishes.sort === key ? <Icon name={wishes.descending ? "down" : "up"} /> : null}
                </button>
              </span>
            ))}
          </div>
          <div class="rows" role="rowgroup" style={{ maxHeight: `${shown.length * jobRowHeight + 2}px` }} ref={scroller} tabIndex={0} aria-label="Jobs, scrolled">
            <VirtualList count={shown.length} rowHeight={jobRowHeight} scroller={scroller} row={(index, top) => {
              const job = shown[index] as ListedJob;
              return <JobRow key={job.jobId} job={job} index={index} top={top} nowMs={connection.nowMs()} selected={selected.has(job.jobId)} onSelect={toggle} />;
            }} />
          </div>
        </div>
      )}
    </main>
  );
}

function Chip({ label, count, on, onClick }: { readonly label: string; readonly count: number; readonly on: boolean; readonly onClick: () => void }) {
  return <button type="button" class="chip" aria-pressed={on} onClick={onClick}>{label} <span class="pill">{count}</span></button>;
}

function Nothing({ any, onClear }: { readonly any: boolean; readonly onClear: () => void }) {
  if (any) return <Notice title="No job fits" icon="search"><p>Nothing here has this state and these words.</p><button type="button" class="button" onClick={onClear}>Show all jobs</button></Notice>;
  return (
    <Notice title="No jobs yet" icon="running">
      <p>Run a pipeline on this daemon, and it appears here by itself:</p>
      <pre><code>sage run my-pipeline.ts --remote</code></pre>
    </Notice>
  );
}
