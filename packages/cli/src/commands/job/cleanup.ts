import type { JobView } from "@sage/protocol";
import { command } from "../../command.ts";
import { counted } from "../../durations.ts";
import { jobTable } from "../../job-table.ts";
import { hasEnded, jobJson, statusOf } from "../../job-view.ts";

const named = 10;

/** Names what will be deleted. */
function questionAbout(jobs: readonly JobView[]): string {
  const names = jobs.slice(0, named).map((job) => `#${job.number} ${job.name} (${statusOf(job)})`).join(", ");
  const more = jobs.length > named ? ` and ${jobs.length - named} more` : "";
  return `Delete ${jobs.every(hasEnded) ? "" : "and stop "}${jobs.length === 1 ? "this job" : `these ${jobs.length} jobs`}: ${names}${more}?`;
}

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
    const { force, "older-than": olderThanMs = 0 } = options;
    const due = (await client.list({ signal })).filter((job) => (hasEnded(job) ? job.endedAtMs <= clock.now() - olderThanMs : force));
    if (due.length > 0) await confirm(questionAbout(due), { onlyOnTerminal: true });
    const jobs = await client.cleanup({ force, signal, olderThanMs });
    return { jobs, nowMs: clock.now() };
  },
  print({ jobs, nowMs }, io) {
    if (jobs.length > 0) io.rawLines(jobTable(jobs, { nowMs, wide: false, width: io.width, paint: io.paint }));
    io.note(`deleted ${counted(jobs.length, "job")}`);
  },
  toJson: ({ jobs, nowMs }) => ({ jobs: jobs.map((job) => jobJson(job, nowMs)) }),
});
