// What a page can subscribe to, each as an async iterable that is asked for the next message only when the page has
// taken the last one: so a slow page is sent the newest, and nothing is buffered for it.

import type { Clock } from "@sage/core";
import { logJson, type GatewayServerMessage, type LogJson, type SubscribeRequest } from "@sage/protocol/json";
import type { JobManager } from "../jobs/job-manager.ts";
import { toJson, toRow } from "./job-rows.ts";
import type { SampleHistory } from "./sample-history.ts";
import { serverJson, type ServerFactsParts } from "./server-facts.ts";

type DataOf<M> = M extends { readonly type: "data" } ? Omit<M, "id" | "type"> : never;
export type TopicData = DataOf<GatewayServerMessage>;

export interface TopicParts extends ServerFactsParts {
  readonly samples: SampleHistory;
}

const jobsEveryMs = 500;
const jobEveryMs = 250;
/** A job of many instances is a long message: it is sent less often. */
const perInstanceMs = 2;
const jobAtMostEveryMs = 2_000;
const serverEveryMs = 2_000;
const mostLines = 500;
const gatherMs = 60;

export function openTopic(request: SubscribeRequest, parts: TopicParts, signal: AbortSignal): AsyncGenerator<TopicData, void, undefined> {
  switch (request.topic) {
    case "jobs":
      return jobsTopic(parts, signal);
    case "job":
      return jobTopic(request.jobId, parts, signal);
    case "server":
      return serverTopic(parts, signal);
    case "logs":
      return logsTopic(request, parts, signal);
  }
}

async function* jobsTopic({ jobs, clock }: TopicParts, signal: AbortSignal): AsyncGenerator<TopicData, void, undefined> {
  let known = new Map<string, number>();
  for (let whole = true; ; ) {
    const atMs = clock.now();
    const now = jobs.list();
    const changed = now.filter(({ record, revision }) => known.get(record.jobId) !== revision);
    const next = new Map(now.map(({ record, revision }) => [record.jobId as string, revision]));
    const removed = [...known.keys()].filter((jobId) => !next.has(jobId));
    known = next;
    if (whole || changed.length > 0 || removed.length > 0) yield { topic: "jobs", atMs, jobs: changed.map((job) => toRow(job, atMs)), removed, whole };
    whole = false;
    await clock.sleep(jobsEveryMs, signal);
  }
}

/** Does not end with the job, which may be continued. Another attempt may have another plan. */
async function* jobTopic(jobId: string, { jobs, clock, samples }: TopicParts, signal: AbortSignal): AsyncGenerator<TopicData, void, undefined> {
  let last: { readonly revision: number; readonly attempt: number } | undefined;
  for (;;) {
    const instances = jobs.get(jobId).operators.reduce((sum, operator) => sum + operator.instances.length, 0);
    for await (const job of jobs.watch(jobId, Math.min(jobAtMostEveryMs, Math.max(jobEveryMs, instances * perInstanceMs)), signal)) {
      const { revision, record: { attempt } } = job;
      const atMs = clock.now();
      const planJson = attempt === last?.attempt ? "" : await jobs.planJson(jobId);
      yield { topic: "job", atMs, job: toJson(job, atMs, planJson), ...(last ? {} : { samples: samples.of(jobId) }) };
      last = { revision, attempt };
    }
    while (jobs.get(jobId).revision === last?.revision) await clock.sleep(jobsEveryMs, signal);
  }
}

async function* serverTopic(parts: TopicParts, signal: AbortSignal): AsyncGenerator<TopicData, void, undefined> {
  for (;;) {
    yield { topic: "server", server: await serverJson(parts) };
    await parts.clock.sleep(serverEveryMs, signal);
  }
}

type LogsRequest = Extract<SubscribeRequest, { readonly topic: "logs" }>;

async function* logsTopic({ jobId, topic: _topic, ...query }: LogsRequest, { jobs, clock }: TopicParts, signal: AbortSignal): AsyncGenerator<TopicData, void, undefined> {
  const lines = logLines(jobs, jobId, query, signal);
  for await (const gathered of inBatches(lines, clock)) yield { topic: "logs", lines: gathered };
}

async function* logLines(jobs: JobManager, jobId: string, query: Omit<LogsRequest, "topic" | "jobId">, signal: AbortSignal): AsyncGenerator<LogJson, void, undefined> {
  for await (const line of jobs.logs(jobId, { ...query, follow: true }, signal)) yield logJson(line);
}

/** What comes within a moment, together. */
async function* inBatches<T>(items: AsyncGenerator<T, void, undefined>, clock: Clock): AsyncGenerator<readonly T[], void, undefined> {
  let next = items.next();
  try {
    for (;;) {
      const first = await next;
      if (first.done) return;
      const batch = [first.value];
      next = items.next();
      const timer = new AbortController();
      const late = clock.sleep(gatherMs, timer.signal).then(() => undefined, () => undefined);
      while (batch.length < mostLines) {
        const item = await Promise.race([next, late]);
        if (!item || item.done) break;
        batch.push(item.value);
        next = items.next();
      }
      timer.abort();
      yield batch;
    }
  } finally {
    next.catch(() => {}); // its end is known
    await items.return().catch(() => {});
  }
}
