// The frame around every page: where one is, whether what one sees is true, and the switch of themes.

import { useEffect, useState } from "preact/hooks";
import { ClusterPage } from "./cluster/cluster-page.tsx";
import type { Connection, ConnectionState } from "./connection.ts";
import { showDuration } from "./format.ts";
import { JobPage } from "./job/job-page.tsx";
import { JobsPage } from "./jobs/jobs-page.tsx";
import type { JobsStore } from "./jobs-store.ts";
import { route } from "./route.ts";
import { useStore, useTicks } from "./store.ts";
import { applyTheme, nextTheme, savedTheme } from "./theme.ts";
import { Icon, Logo } from "./ui/icons.tsx";
import { Notice } from "./ui/notice.tsx";
import { Toasts } from "./ui/toasts.tsx";

export interface AppProps {
  readonly connection: Connection;
  readonly jobs: JobsStore;
}

export function App({ connection, jobs }: AppProps) {
  const state = useStore(connection.state);
  const { path } = useStore(route);
  const [page = "jobs", jobId] = path;
  const list = useStore(jobs.jobs);
  useEffect(() => {
    const name = page === "cluster" ? "Cluster" : (list?.find((job) => job.jobId === jobId)?.name ?? "Jobs");
    document.title = `${name.slice(0, 80)} · Sage`;
  }, [page, jobId, list]);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.querySelector<HTMLElement>("a,button,input")?.focus(); }}>Skip to the content</a>
      <header class="top">
        <a class="brand" href="#/jobs"><Logo /> Sage</a>
        <nav aria-label="Pages">
          <a href="#/jobs" aria-current={page === "jobs" ? "page" : undefined}>Jobs</a>
          <a href="#/cluster" aria-current={page === "cluster" ? "page" : undefined}>Cluster</a>
        </nav>
        <ConnectionPill state={state} />
        <ThemeSwitch />
      </header>
      <ConnectionBanner state={state} onRetry={() => connection.retryNow()} />
      {state.kind === "no-session" || page === "link-used" ? <NoSession used={page === "link-used"} onRetry={() => connection.retryNow()} />
        : page === "cluster" ? <ClusterPage connection={connection} />
        : page === "jobs" && jobId !== undefined ? <JobPage key={jobId} connection={connection} jobs={jobs} jobId={jobId} />
        : page === "jobs" ? <JobsPage connection={connection} jobs={jobs} />
        : <main id="main"><Notice title="There is no such page" icon="search"><a class="button" href="#/jobs">All jobs</a></Notice></main>}
      <Toasts />
    </>
  );
}

const pillWords: Readonly<Record<ConnectionState["kind"], readonly [words: string, tone: string]>> = {
  connecting: ["connecting", "muted"], open: ["live", "good"], slow: ["slow", "warn"], lost: ["lost", "bad"], "no-session": ["no session", "bad"],
};

function ConnectionPill({ state }: { readonly state: ConnectionState }) {
  const [words, tone] = pillWords[state.kind];
  return <span class={`connection tone-${tone}`} role="status" aria-label={`Connection: ${words}`}><i />{words}</span>;
}

function ConnectionBanner({ state, onRetry }: { readonly state: ConnectionState; readonly onRetry: () => void }) {
  useTicks(1_000);
  if (state.kind === "slow") return <div class="banner strip tone-warn" role="status">The connection is slow: the last word from the daemon came {showDuration(Date.now() - state.sinceMs)} ago.</div>;
  if (state.kind !== "lost" || state.attempt < 2) return null;
  const waitMs = state.retryAtMs - Date.now();
  return (
    <div class="banner strip tone-bad" role="alert">
      The daemon does not answer. What you see is the last that was known; {waitMs > 500 ? `next try in ${Math.ceil(waitMs / 1_000)} s` : "trying again"}.
      <button type="button" class="button" onClick={onRetry}>Try now</button>
    </div>
  );
}

function NoSession({ used, onRetry }: { readonly used: boolean; readonly onRetry: () => void }) {
  return (
    <main id="main">
      <Notice title={used ? "This link was used already, or is too old" : "This page needs a link"} icon="warning" tone="warn">
        <p>A link works once, within five minutes. Get a new one on the daemon's machine:</p>
        <pre><code>sage dashboard</code></pre>
        {used ? <a class="button" href="#/jobs">Go on with an open session</a> : <button type="button" class="button" onClick={onRetry}>Try again</button>}
      </Notice>
    </main>
  );
}

function ThemeSwitch() {
  const [theme, setTheme] = useState(savedTheme());
  const change = () => {
    applyTheme(nextTheme(theme));
    setTheme(nextTheme(theme));
  };
  const icon = theme === "light" ? "sun" : theme === "dark" ? "moon" : "system";
  return <button type="button" class="icon-button" aria-label={`Theme: ${theme}`} title={`Theme: ${theme}`} onClick={change}><Icon name={icon} /></button>;
}
