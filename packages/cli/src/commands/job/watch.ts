import { isSageError } from "@sage/core";
import type { JobManagerClient } from "@sage/jobmanager-client";
import { streamingCommand } from "../../command.ts";
import { exitCodes } from "../../exit-code.ts";
import { recordsOf, jobJson, runtimeMsOf, statusOf } from "../../job-view.ts";
import { heldBackBy } from "../../held-back-by.ts";
import { openProgress } from "../../progress.ts";
import { RecordRate } from "../../record-rate.ts";
import { showCount, showDuration } from "../../durations.ts";

export const jobWatch = streamingCommand({
  path: "job watch",
  summary: "Watch a job until it has ended",
  args: ["job"],
  argHelp: { job: "number in the list, id, or the beginning of an id" },
  onDaemon: true,
  reads: true,
  options: { interval: { type: "duration", help: "shortest pause between two looks; default 250ms" } },
  details: "Exit code: 0 when the job completed or was stopped, 1 when it failed.",
  async *stream({ args, options, connect, signal, clock, io, forPrograms }) {
    const client = await connect();
    const { jobId } = await client.resolveJob(args.job, { signal });
    using bar = openProgress(io, { wanted: !forPrograms, clock });
    const rate = new RecordRate();
    let status = "";
    let plan = { attempt: -1, json: "" }; // a job that was rescaled has another one
    try {
      for await (const job of client.watch(jobId, { signal, ...(options.interval === undefined ? {} : { minIntervalMs: options.interval }) })) {
        const records = recordsOf(job);
        const recordsPerSecond = rate.at(clock.monotonicMs(), records);
        const changed = statusOf(job) !== status;
        status = statusOf(job);
        if (changed || forPrograms) {
          bar.clear();
          yield { job, nowMs: clock.now() };
        } else {
          if (plan.attempt !== job.attempt && job.phase === "RUNNING") plan = { attempt: job.attempt, json: await planOf(client, jobId, signal) };
          bar.update({ label: job.name, status, records, recordsPerSecond, heldBackBy: heldBackBy({ ...job, planJson: plan.json }) });
        }
      }
    } finally {
      if (signal.aborted) io.note(`detached; the job goes on. Watch it again: sage job watch ${jobId}`);
    }
  },
  print: ({ job, nowMs }, io) => io.line(`${job.name}: ${statusOf(job)}, ${showDuration(runtimeMsOf(job, nowMs))}, ${showCount(recordsOf(job))} records`),
  toJson: ({ job, nowMs }) => jobJson(job, nowMs),
  exitCode: (last) => (last?.job.phase === "FAILED" ? exitCodes.failed : exitCodes.ok),
});

/** Empty where it cannot be had: watching goes on without it. */
async function planOf(client: JobManagerClient, jobId: string, signal: AbortSignal): Promise<string> {
  try {
    return (await client.get(jobId, { signal })).planJson;
  } catch (error) {
    signal.throwIfAborted();
    if (!isSageError(error)) throw error;
    return "";
  }
}
