import { command } from "../../command.ts";
import { jobTable, printHistory } from "../../job-table.ts";
import { jobJson } from "../../job-view.ts";

export const jobHistory = command({
  path: "job history",
  summary: "List every job there has been, deleted ones too; with a job, what became of it",
  args: ["job?"],
  argHelp: { job: "number in the list, id, or the beginning of an id" },
  onDaemon: true,
  reads: true,
  async run({ args, connect, clock, signal }) {
    const client = await connect();
    const nowMs = clock.now();
    if (args.job === undefined) return { jobs: await client.history({ signal }), isOne: false, nowMs };
    return { jobs: [await client.resolveJob(args.job, { signal })], isOne: true, nowMs };
  },
  print({ jobs, isOne, nowMs }, io, { wide }) {
    if (!isOne) return jobs.length === 0 ? io.note("no jobs") : io.rawLines(jobTable(jobs, { nowMs, wide, width: io.width, paint: io.paint }));
    if (jobs[0]) printHistory(jobs[0], io);
  },
  names: ({ jobs }) => jobs.map((job) => job.jobId),
  toJson: ({ jobs, nowMs }) => ({ jobs: jobs.map((job) => jobJson(job, nowMs)) }),
});
