import { command } from "../../command.ts";
import { paint } from "../../io.ts";
import { jobJson, statusOf, statusStyle } from "../../job-view.ts";

export const jobStatus = command({
  path: "job status",
  summary: "Print one job's status, a word",
  args: ["job"],
  argHelp: { job: "number in the list, id, or the beginning of an id" },
  onDaemon: true,
  reads: true,
  async run({ args, connect, clock, signal }) {
    const client = await connect();
    return { job: await client.resolveJob(args.job, { signal }), nowMs: clock.now() };
  },
  print({ job }, io) {
    const style = statusStyle(job);
    io.line(style ? paint(style, statusOf(job)) : statusOf(job));
  },
  names: ({ job }) => [job.jobId],
  toJson: ({ job, nowMs }) => jobJson({ ...job, planJson: "" }, nowMs),
});
