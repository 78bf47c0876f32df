import { command } from "../../command.ts";
import { printJob } from "../../job-table.ts";
import { jobJson } from "../../job-view.ts";

export const jobShow = command({
  path: "job show",
  summary: "Show one job: its operators, counts and failure",
  args: ["job"],
  argHelp: { job: "number in the list, id, or the beginning of an id" },
  onDaemon: true,
  reads: true,
  options: { verbose: { type: "boolean", short: "v", help: "the dispatcher, every instance, services, checkpoints, restarts and history too" } },
  async run({ args, options, connect, clock, signal }) {
    const client = await connect();
    const { jobId } = await client.resolveJob(args.job, { signal });
    const job = await client.get(jobId, { signal });
    return { job: options.verbose ? job : { ...job, planJson: "" }, nowMs: clock.now() };
  },
  print: ({ job, nowMs }, io, { options }) => printJob(job, io, { nowMs, verbose: options.verbose }),
  names: ({ job }) => [job.jobId],
  toJson: ({ job, nowMs }) => jobJson(job, nowMs),
});
