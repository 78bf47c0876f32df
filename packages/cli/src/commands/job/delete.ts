import { command } from "../../command.ts";
import { hasEnded, jobJson, statusOf } from "../../job-view.ts";

export const jobDelete = command({
  path: "job delete",
  summary: "Take a job from the list; the history keeps it",
  args: ["job"],
  argHelp: { job: "number in the list, id, or the beginning of an id" },
  onDaemon: true,
  asks: true,
  options: { force: { type: "boolean", short: "f", help: "stop it first if it has not ended" } },
  async run({ args, options, connect, confirm, clock, signal }) {
    const client = await connect();
    const job = await client.resolveJob(args.job, { signal });
    if (options.force && !hasEnded(job)) await confirm(`Stop job ${job.jobId} (${job.name}), which is ${statusOf(job)}, and delete it?`, { onlyOnTerminal: true });
    return { job: await client.delete(job.jobId, { force: options.force, signal }), nowMs: clock.now() };
  },
  print: ({ job }, io) => io.line(`job ${job.jobId} (${job.name}) is ${statusOf(job)}`),
  toJson: ({ job, nowMs }) => jobJson({ ...job, planJson: "" }, nowMs),
});
