import { command, type AnyCommand } from "../../command.ts";
import { exitCodes } from "../../exit-code.ts";
import { hasEnded, jobJson, restoredFromOf, statusOf } from "../../job-view.ts";

export const jobContinue = continueCommand("job continue", false);
export const jobResume = continueCommand("job resume", true);

function continueCommand(path: string, hidden: boolean): AnyCommand {
  return command({
    path,
    hidden,
    summary: "Run a stopped or failed job again, from where it stood",
    args: ["job"],
    argHelp: { job: "number in the list, id, or the beginning of an id" },
    onDaemon: true,
    options: {
      parallelism: { type: "integer", value: "N", max: 10_000, help: "new default parallelism of the operators" },
      checkpoint: { type: "integer", value: "ID", help: "an earlier checkpoint to go on from; those behind it are forgotten" },
      "no-wait": { type: "boolean", help: "return as soon as the daemon has noted it" },
    },
    async run({ args, options, connect, clock, signal }) {
      const client = await connect();
      const before = await client.resolveJob(args.job, { signal });
      const { parallelism, checkpoint: checkpointId } = options;
      let job = await client.continue(before.jobId, { signal, ...(parallelism === undefined ? {} : { parallelism }), ...(checkpointId === undefined ? {} : { checkpointId }) });
      if (!options["no-wait"]) for await (job of client.watch(before.jobId, { signal })) if (job.phase === "RUNNING" || hasEnded(job)) break;
      return { job, nowMs: clock.now() };
    },
    print({ job }, io) {
      const from = restoredFromOf(job);
      io.line(`job ${job.jobId} (${job.name}) is ${statusOf(job)}${from === undefined ? "" : `, from ${from}`}`);
    },
    toJson: ({ job, nowMs }) => jobJson({ ...job, planJson: "" }, nowMs),
    exitCode: ({ job }) => (job.phase === "FAILED" ? exitCodes.failed : exitCodes.ok),
  });
}
