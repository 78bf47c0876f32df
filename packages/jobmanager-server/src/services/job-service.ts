// The Jobs service: messages in, one call on the JobManager, messages out.

import type { ArtifactChunk, Handlers, JobsHandlers, ServerInfoViewInit } from "@sage/protocol";
import { InvalidArtifactError } from "../errors.ts";
import { messageOf } from "@sage/core";
import type { JobTraces } from "../tracing/job-traces.ts";
import type { JobManager } from "../jobs/job-manager.ts";
import type { WorkerDriver } from "../scheduling/worker-driver.ts";
import { fromWirePhase, toJobList, toJobView, toSubmission, toWireCounts } from "./job-view.ts";

/** What the daemon says of itself. */
export type ServerFacts = Omit<ServerInfoViewInit, "jobsByPhase">;

interface JobServiceParts {
  readonly traces?: Pick<JobTraces, "submitted"> | undefined;
  readonly rayView?: WorkerDriver["rayView"];
}

const defaultWatchIntervalMs = 250;
const defaultProfileMs = 5_000;

export function jobService(jobs: JobManager, facts: ServerFacts, { unary, serverStream, clientStream }: Handlers, { traces, rayView }: JobServiceParts = {}): JobsHandlers {
  return {
    Submit: unary((request) => traced(request, traces, async () => toJobView(await jobs.submit(toSubmission(request))))),
    MissingArtifacts: unary(async ({ hashes }) => ({ hashes: [...(await jobs.missingArtifacts(hashes))] })),
    UploadArtifact: clientStream(async (chunks) => upload(jobs, chunks)),
    Get: unary(async ({ jobId }) => toJobView(jobs.get(jobId), await jobs.planJson(jobId))),
    List: unary(({ phases, withDeleted }) => ({ jobs: toJobList(jobs.list(phases.map(fromWirePhase), withDeleted)) })),
    Watch: serverStream(async function* ({ jobId, minIntervalMs }, { signal }) {
      for await (const job of jobs.watch(jobId, minIntervalMs || defaultWatchIntervalMs, signal)) yield toJobView(job);
    }),
    Logs: serverStream(({ jobId, follow, afterSeq, tail, operator, level }, { signal }) =>
      jobs.logs(jobId, { follow, afterSeq, tail, operator, level }, signal)),
    Results: serverStream(({ jobId, nodeId }, { signal }) => jobs.results(jobId, nodeId, signal)),
    Stop: unary(async ({ jobId, now, drain }, { signal }) => toJobView(await jobs.stop(jobId, signal, { mode: now ? "now" : drain ? "drain" : "savepoint" }))),
    Continue: unary(async ({ jobId, parallelism, checkpointId }, { signal }) => toJobView(await jobs.continue(jobId, { parallelism, checkpointId }, signal))),
    Savepoint: unary(({ jobId, savepointId }, { signal }) => jobs.savepoint(jobId, savepointId, signal)),
    Rescale: unary(async ({ jobId, parallelism }, { signal }) => toJobView(await jobs.rescale(jobId, parallelism, signal))),
    Delete: unary(async ({ jobId, force }, { signal }) => toJobView(await jobs.delete(jobId, force, signal))),
    Cleanup: unary(async ({ force, olderThanMs }, { signal }) => ({
      jobs: (await jobs.cleanup(force, olderThanMs, signal)).map((job) => toJobView(job)),
    })),
    Profile: unary(({ jobId, workerIndex, durationMs }, { signal }) => jobs.profile(jobId, workerIndex, durationMs || defaultProfileMs, signal)),
    ServerInfo: unary(async ({ ray }) => ({
      ...facts,
      ...(ray && rayView ? { rayCluster: await rayView() } : {}),
      jobsByPhase: toWireCounts(jobs.jobsByPhase()),
    })),
  };
}

async function traced<T>({ jobId, name }: { jobId: string; name: string }, traces: Pick<JobTraces, "submitted"> | undefined, work: () => Promise<T>): Promise<T> {
  const startMs = Date.now();
  try {
    const result = await work();
    traces?.submitted(jobId, name, startMs);
    return result;
  } catch (error) {
    traces?.submitted(jobId, name, startMs, messageOf(error));
    throw error;
  }
}

/** The first message says what comes; its data counts too. */
async function upload(jobs: JobManager, chunks: AsyncIterable<ArtifactChunk>): Promise<{ hash: string; alreadyKnown: boolean }> {
  const messages = chunks[Symbol.asyncIterator]();
  const first = await messages.next();
  if (first.done) throw new InvalidArtifactError("it has no first message with its hash and size");
  const { hash, size, data } = first.value;
  return { hash, ...(await jobs.uploadArtifact(hash, size, dataOf(data, messages))) };
}

async function* dataOf(first: Uint8Array, rest: AsyncIterator<ArtifactChunk>): AsyncGenerator<Uint8Array, void, undefined> {
  if (first.length > 0) yield first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value.data;
}
