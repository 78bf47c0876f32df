// One job: what it does now, how it is built, what went wrong, and what it said.

import { useState } from "preact/hooks";
import { whySlow, type JobJson, type SlowJob } from "@sage/protocol/json";
import type { Connection } from "../connection.ts";
import { GraphView } from "../graph/graph-view.tsx";
import { plain, plainName, showAge, showBytes, showCount, showDuration, showRate, showTime, showWhole } from "../format.ts";
import { ActionButton } from "../jobs/action-button.tsx";
import { isEnded } from "../jobs/job-filter.ts";
import { runtimeMsOf } from "../jobs/job-row.tsx";
import type { JobsStore } from "../jobs-store.ts";
import { go, route } from "../route.ts";
import { useStore, useTicks } from "../store.ts";
import { Icon } from "../ui/icons.tsx";
import { Notice, Skeleton } from "../ui/notice.tsx";
import { Status } from "../ui/status.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { toast } from "../ui/toasts.tsx";
import { ChartsPanel } from "./charts-panel.tsx";
import { FailureCard } from "./failure-card.tsx";
import { useJobModel } from "./job-state.ts";
import { LogsPanel } from "./logs-panel.tsx";
import { OperatorPanel } from "./operator-panel.tsx";
import { CheckpointsTable, OperatorsTable, ServicesTable } from "./tables.tsx";
import { SlowNote } from "./slow-note.tsx";
import { Timeline } from "./timeline.tsx";

export interface JobPageProps {
  readonly connection: Connection;
  readonly jobs: JobsStore;
  readonly jobId: string;
}

export function JobPage({ connection, jobs, jobId }: JobPageProps) {
  const model = useJobModel(connection, jobId);
  const { job, plan, numbers, error } = useStore(model.state);
  const { query } = useStore(route);
  const [selected, select] = useState<string | undefined>(undefined);
  const listed = useStore(jobs.jobs);
  useTicks(1_000);
  if (!job) {
    return (
      <main id="main">
        <BackLink />
        {error ? <Notice title={error.code === "SAGE_JOB_NOT_FOUND" ? "There is no such job" : "The job cannot be shown"} icon="search"><p>{plain(error.message, 500)}</p><a class="button" href="#/jobs">All jobs</a></Notice> : <Skeleton lines={8} />}
      </main>
    );
  }
  const nowMs = connection.nowMs();
  const slow = plan && job.status === "running" ? whySlow({ ...job, plan: plan as SlowJob["plan"] }) : undefined;
  const tab = query["tab"] ?? "throughput";
  const show = (next: Readonly<Record<string, string>>) => go({ path: ["jobs", jobId], query: next }, { replace: true });
  const isListed = listed === undefined || listed.some((each) => each.jobId === jobId);
  return (
    <main id="main" class="job-page">
      <BackLink />
      {isListed ? null : <p class="banner tone-warn" role="status">This job was deleted. What is shown is the last that was known of it.</p>}
      <JobHead job={job} connection={connection} />
      <JobFacts job={job} nowMs={nowMs} rate={rateOf(job, numbers)} />
      {job.failure ? <FailureCard failure={job.failure} /> : null}
      {job.warnings.map((warning) => <p key={warning} class="banner tone-warn"><Icon name="warning" /> <bdi>{plain(warning, 1_000)}</bdi></p>)}
      {slow ? <SlowNote slow={slow} /> : null}
      <div class={`graph-row ${selected === undefined ? "" : "with-panel"}`}>
        <section class="card" aria-label="Graph">
          {plan ? <GraphView plan={plan} numbers={numbers} selected={selected} bottleneck={slow?.bottleneck?.chainId} onSelect={(nodeId) => select(nodeId === selected ? undefined : nodeId)} /> : <p class="muted pad">The plan of this job is not known any more.</p>}
        </section>
        {selected === undefined ? null : <OperatorPanel job={job} plan={plan} model={model} nodeId={selected} onClose={() => select(undefined)} onLogs={(operator) => show({ tab: "logs", operator })} />}
      </div>
      <Tabs label="Details" current={tab} onChange={(next) => show(next === "throughput" ? {} : { tab: next })} tabs={[
        { id: "throughput", label: "Over time" }, { id: "operators", label: "Operators", count: job.operators.length }, { id: "logs", label: "Logs" },
        { id: "timeline", label: "Timeline" },
        ...(job.services.length > 0 ? [{ id: "services", label: "Services", count: job.services.length }] : []),
        ...(job.checkpoints.length > 0 ? [{ id: "checkpoints", label: "Checkpoints", count: job.checkpoints.length }] : []),
      ]}>
        {tab === "operators" ? <OperatorsTable job={job} numbers={numbers} onSelect={select} />
          : tab === "logs" ? <LogsPanel connection={connection} job={job} operator={query["operator"] ?? ""} onOperator={(operator) => show({ tab: "logs", operator })} />
          : tab === "timeline" ? <Timeline job={job} nowMs={nowMs} />
          : tab === "services" ? <ServicesTable services={job.services} model={model} />
          : tab === "checkpoints" ? <CheckpointsTable job={job} canContinue={connection.server.value?.actions.includes("continue") ?? false} />
          : <ChartsPanel samples={model.samples} ended={isEnded(job.status)} />}
      </Tabs>
    </main>
  );
}

const sourceKinds: ReadonlySet<string> = new Set(["batch", "source", "iterable", "data", "file"]);

function rateOf(job: JobJson, numbers: ReadonlyMap<string, { readonly outRate: number | undefined }>): number | undefined {
  const rates = job.operators.filter(({ kind }) => sourceKinds.has(kind)).flatMap(({ nodeId }) => numbers.get(nodeId)?.outRate ?? []);
  return rates.length === 0 ? undefined : rates.reduce((sum, rate) => sum + rate, 0);
}

const BackLink = () => <a class="back" href="#/jobs"><Icon name="back" /> Jobs</a>;

function JobHead({ job, connection }: { readonly job: JobJson; readonly connection: Connection }) {
  const offered = useStore(connection.server)?.actions ?? [];
  const copy = () => void navigator.clipboard.writeText(job.jobId).then(() => toast("The id was copied"), () => toast("The browser does not let us copy", "bad"));
  return (
    <div class="page-head job-head">
      <h1><bdi>{plainName(job.name)}</bdi></h1>
      <Status status={job.status} />
      <button type="button" class="mono quiet-button" aria-label="Copy the job's id" title="Copy" onClick={copy}>{job.jobId} <Icon name="copy" /></button>
      <div class="actions">{offered.map((action) => <ActionButton key={action} action={action} jobs={[job]} {...(action === "delete" ? { onDone: () => go({ path: ["jobs"], query: {} }) } : {})} />)}</div>
    </div>
  );
}

function JobFacts({ job, nowMs, rate }: { readonly job: JobJson; readonly nowMs: number; readonly rate: number | undefined }) {
  const errors = job.operators.flatMap(({ instances }) => instances).reduce((sum, { skipped, deadLettered }) => sum + skipped + deadLettered, 0);
  const runtimeMs = runtimeMsOf(job, nowMs);
  const mean = rate === undefined && runtimeMs !== null && runtimeMs > 0 ? (job.records * 1_000) / runtimeMs : undefined;
  return (
    <dl class="tiles" aria-label="Figures of the job">
      <Tile label="Records" value={showCount(job.records)} more={showWhole(job.records)} />
      <Tile label={rate === undefined ? "Mean rate" : "Rate"} value={showRate(rate ?? mean)} />
      <Tile label="Runtime" value={showDuration(runtimeMs)} />
      <Tile label="Workers" value={String(job.dispatcher?.workers ?? 0)} more={`parallelism ${job.parallelism}`} />
      <Tile label="Restarts" value={String(job.restartCount)} tone={job.restartCount > 0 ? "warn" : ""} />
      <Tile label="Put aside" value={showCount(errors)} more="skipped or dead-lettered" tone={errors > 0 ? "bad" : ""} />
      {job.stateBytes > 0 ? <Tile label="State" value={showBytes(job.stateBytes)} /> : null}
      <Tile label="Submitted" value={showAge(job.submittedAt, nowMs)} more={showTime(job.submittedAt)} />
    </dl>
  );
}

function Tile({ label, value, more = "", tone = "" }: { readonly label: string; readonly value: string; readonly more?: string; readonly tone?: string }) {
  return <div class={`tile ${tone === "" ? "" : `tone-${tone}`}`} title={more}><dt>{label}</dt><dd>{value}</dd></div>;
}
