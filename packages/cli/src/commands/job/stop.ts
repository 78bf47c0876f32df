import { command } from "../../command.ts";
import { hasEnded, jobJson, statusOf } from "../../job-view.ts";

export const jobStop = command({
  path: "job stop",
  summary: "Stop a job; returns when its workers and services are gone",
  args: ["job"],
  argHelp: { job: "number in the list, id, or the beginning of an id" },
  onDaemon: true,
  options: { "no-wait": { type: "boolean", help: "return as soon as the daemon has noted it" } },
  async run({ args, options, connect, clock, signal, io }) {
    const client = await connect();
    const before = await client.resolveJob(args.job, { signal });
    let job = hasEnded(before) ? before : await client.stop(before.jobId, { signal });
    try {
      if (!options["no-wait"] && !job.resourcesReleased) for await (job of client.watch(job.jobId, { signal }));
    } finally {
      if (signal.aborted) io.note(`the job is being stopped all the same; look at it: sage job show ${before.jobId}`);
    }
    return { job, had: statusOf(before), nowMs: clock.now() };
  },
  print({ job, had }, io) {
    io.line(had === statusOf(job) ? `job ${job.jobId} (${job.name}) was ${had} already` : `job ${job.jobId} (${job.name}) is ${statusOf(job)}`);
  },
  toJson: ({ job, nowMs }) => jobJson({ ...job, planJson: "" }, nowMs),
});
