import type { JobView } from "@sage/protocol";
import { command } from "../../command.ts";
import { jobTable } from "../../job-table.ts";
import { jobJson, statusOf } from "../../job-view.ts";

const statuses = ["initializing", "running", "stopping", "stopped", "recovering", "completed", "failed", "deleted"] as const;

export const jobList = command({
  path: "job list",
  summary: "List the daemon's jobs",
  onDaemon: true,
  reads: true,
  options: {
    status: { type: "list", short: "s", value: "STATUS", choices: statuses, help: `only jobs of this status, or of these: a,b. One of ${statuses.join(", ")}` },
    label: { type: "pairs", help: "only jobs with this label, key=value; with all of them, if there are more" },
  },
  async run({ options, connect, clock, signal }) {
    const client = await connect();
    const jobs = await client.list({ withDeleted: options.status.includes("deleted"), signal });
    const chosen = new Set<string>(options.status);
    const wanted = Object.entries(options.label);
    const fits = (job: JobView) => (options.status.length === 0 || chosen.has(statusOf(job))) && wanted.every(([key, value]) => job.labels[key] === value);
    return { jobs: jobs.filter(fits), nowMs: clock.now() };
  },
  print({ jobs, nowMs }, io, { wide }) {
    if (jobs.length === 0) return io.note("no jobs");
    io.rawLines(jobTable(jobs, { nowMs, wide, width: io.width, paint: io.paint }));
  },
  names: ({ jobs }) => jobs.map((job) => job.jobId),
  toJson: ({ jobs, nowMs }) => ({ jobs: jobs.map((job) => jobJson(job, nowMs)) }),
});
