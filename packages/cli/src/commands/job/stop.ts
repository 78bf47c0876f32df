import { command, type AnyCommand } from "../../command.ts";
import { UsageError } from "../../errors.ts";
import { hasEnded, jobJson, statusOf } from "../../job-view.ts";

export const jobStop = stopCommand("job stop", false);
export const jobPause = stopCommand("job pause", true);

function stopCommand(path: string, hidden: boolean): AnyCommand {
  return command({
    path,
    hidden,
    summary: "Pause a job: save its state, free its workers; `job continue` goes on from there",
    args: ["job"],
    argHelp: { job: "number in the list, id, or the beginning of an id" },
    onDaemon: true,
    options: {
      now: { type: "boolean", help: "save nothing: `job continue` goes on from the last checkpoint" },
      drain: { type: "boolean", help: "let the sources end and all records out: the job completes" },
      "no-wait": { type: "boolean", help: "return as soon as the daemon has noted it" },
    },
    async run({ args, options, connect, clock, signal, io }) {
      if (options.now && options.drain) throw new UsageError("--now and --drain exclude one another");
      const client = await connect();
      const before = await client.resolveJob(args.job, { signal });
      const mode = options.now ? "now" : options.drain ? "drain" : "savepoint";
      const stopping = hasEnded(before) ? Promise.resolve(before) : client.stop(before.jobId, { mode, signal });
      let job = before;
      try {
        if (!options["no-wait"] || hasEnded(before)) job = await stopping;
        else for await (job of client.watch(before.jobId, { signal })) if (job.phase === "STOPPING" || hasEnded(job)) break;
      } finally {
        stopping.catch(() => {}); // who does not wait does not hear of it
        if (signal.aborted) io.note(`the job is being stopped all the same; look at it: sage job show ${before.jobId}`);
      }
      return { job, had: statusOf(before), nowMs: clock.now() };
    },
    print({ job, had }, io) {
      if (had === statusOf(job)) return io.line(`job ${job.jobId} (${job.name}) was ${had} already`);
      io.line(`job ${job.jobId} (${job.name}) is ${statusOf(job)}`);
      if (job.phase === "STOPPED") io.note("go on with it: ", `sage job continue ${job.number}`);
    },
    toJson: ({ job, nowMs }) => jobJson({ ...job, planJson: "" }, nowMs),
  });
}
