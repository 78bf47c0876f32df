import { command } from "../../command.ts";
import { jobTable } from "../../job-table.ts";
import { jobJson } from "../../job-view.ts";

export const jobCleanup = command({
  path: "job cleanup",
  summary: "Delete all jobs that have ended",
  onDaemon: true,
  asks: true,
  options: {
    force: { type: "boolean", short: "f", help: "running jobs too: they are stopped first" },
    "older-than": { type: "duration", help: "only jobs that ended at least so long ago: 30m, 12h, 7d" },
  },
  async run({ options, connect, confirm, clock, signal }) {
    const client = await connect();
    if (options.force) await confirm("Stop and delete running jobs too?");
    const olderThanMs = options["older-than"];
    const jobs = await client.cleanup({ force: options.force, signal, ...(olderThanMs === undefined ? {} : { olderThanMs }) });
    return { jobs, nowMs: clock.now() };
  },
  print({ jobs, nowMs }, io) {
    if (jobs.length > 0) io.rawLines(jobTable(jobs, { nowMs, wide: false, width: io.width, paint: io.paint }));
    io.note(`deleted ${jobs.length} job${jobs.length === 1 ? "" : "s"}`);
  },
  toJson: ({ jobs, nowMs }) => ({ jobs: jobs.map((job) => jobJson(job, nowMs)) }),
});
