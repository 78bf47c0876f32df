import { command } from "../../command.ts";
import { counted } from "../../durations.ts";
import { UsageError } from "../../errors.ts";
import { exitCodes } from "../../exit-code.ts";
import { hasEnded, jobJson, statusOf } from "../../job-view.ts";

export const jobRescale = command({
  path: "job rescale",
  summary: "Let a job go on with another parallelism, from a savepoint taken now",
  args: ["job"],
  argHelp: { job: "number in the list, id, or the beginning of an id" },
  onDaemon: true,
  options: { parallelism: { type: "integer", value: "N", max: 10_000, help: "new default parallelism of the operators" } },
  async run({ args, options, connect, clock, signal }) {
    const client = await connect();
    const { parallelism } = options;
    if (parallelism === undefined) throw new UsageError("--parallelism is missing");
    const { jobId } = await client.resolveJob(args.job, { signal });
    let job = await client.rescale(jobId, parallelism, { signal });
    for await (job of client.watch(jobId, { signal })) if (job.phase === "RUNNING" || hasEnded(job)) break;
    return { job, nowMs: clock.now() };
  },
  print: ({ job }, io) => io.line(`job ${job.jobId} (${job.name}) is ${statusOf(job)} with ${counted(job.parallelism, "worker")}`),
  toJson: ({ job, nowMs }) => jobJson({ ...job, planJson: "" }, nowMs),
  exitCode: ({ job }) => (job.phase === "FAILED" ? exitCodes.failed : exitCodes.ok),
});
