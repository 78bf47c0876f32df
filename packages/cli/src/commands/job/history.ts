import { command } from "../../command.ts";
import { showTime } from "../../durations.ts";
import { paint } from "../../io.ts";
import { jobTable } from "../../job-table.ts";
import { jobJson, statusOf } from "../../job-view.ts";

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
    if (args.job === undefined) return { jobs: await client.list({ withDeleted: true, signal }), isOne: false, nowMs };
    return { jobs: [await client.resolveJob(args.job, { signal })], isOne: true, nowMs };
  },
  print({ jobs, isOne, nowMs }, io, { wide }) {
    if (!isOne) return jobs.length === 0 ? io.note("no jobs") : io.rawLines(jobTable(jobs, { nowMs, wide, width: io.width, paint: io.paint }));
    for (const { phase, atMs, reason } of jobs[0]?.history ?? []) io.line(paint("dim", showTime(atMs)), "  ", statusOf({ phase }), reason === "" ? "" : `: ${reason}`);
  },
  names: ({ jobs }) => jobs.map((job) => job.jobId),
  toJson: ({ jobs, nowMs }) => ({ jobs: jobs.map((job) => jobJson(job, nowMs)) }),
});
