import { streamingCommand } from "../../command.ts";
import { exitCodes } from "../../exit-code.ts";
import { printFailure } from "../../job-table.ts";
import { jobJson, statusOf } from "../../job-view.ts";

export const jobSubmit = streamingCommand({
  path: "job submit",
  summary: "Submit a pipeline program as a job of the daemon, and return",
  args: ["file", "args..."],
  argHelp: { file: "the TypeScript file that builds the pipeline and submits it", args: "the program's own arguments, behind --" },
  onDaemon: true,
  options: {
    param: { type: "pairs", help: "a parameter of the pipeline, env.params; as often as wanted" },
    parallelism: { type: "integer", value: "N", max: 10_000, help: "default parallelism of the operators" },
    name: { type: "string", value: "NAME", help: "the job's name; default: the pipeline's" },
    id: { type: "string", value: "UUID", help: "the job's id: the same id again is the same job" },
    label: { type: "pairs", help: "a label of the job; as often as wanted" },
    from: { type: "string", value: "SAVEPOINT", help: "begin with this state: a savepoint's folder or id, or a job's id for its last checkpoint" },
    "allow-dropped-state": { type: "boolean", help: "with --from: leave behind state that the program no longer has, of operators or in them" },
    "checkpoint-interval": { type: "duration", help: "save the job's state so often: 500ms, 10s; default 10s" },
    restart: { type: "string", value: "STRATEGY", choices: ["none", "fixed", "exponential", "failure-rate"], help: "what happens when the job fails; default: exponential" },
    follow: { type: "boolean", short: "f", help: "print the job's lines until it has ended" },
    "no-wait": { type: "boolean", help: "return when the daemon has the job; this is the default" },
  },
  details: "The program runs as far as its first submit(); what it does behind it is left out. With --follow the exit code is 1 if the job fails.",
  examples: ["sage job submit words.ts", "sage job submit words.ts --label team=data --follow"],
  async *stream({ args, options, env, cwd, signal, clock, io, daemon, reach, connect }) {
    const { submitFile } = await import("../../submit-file.ts");
    const durability = {
      ...(options.from === undefined ? {} : { fromSavepoint: options.from }), ...(options["allow-dropped-state"] ? { allowDroppedState: true } : {}),
      ...(options["checkpoint-interval"] === undefined ? {} : { checkpoints: { intervalMs: options["checkpoint-interval"] } }),
      ...(options.restart === undefined ? {} : { restart: { strategy: options.restart as "none" | "fixed" | "exponential" | "failure-rate" } }),
    };
    const { jobId } = await submitFile(args.file, { ...options, durability, ...daemon, reach, env, cwd, signal, argv: args.args, onWarning: (text) => io.note("warning: ", text) });
    const client = await connect();
    yield { job: await client.get(jobId, { signal }), nowMs: clock.now(), isFollowed: false };
    if (!options.follow || options["no-wait"]) return;
    try {
      for await (const { operator, index, text } of client.logs(jobId, { follow: true, signal })) io.note(operator === "" ? "" : `${operator}[${index}] `, text);
      yield { job: await client.get(jobId, { signal }), nowMs: clock.now(), isFollowed: true };
    } finally {
      if (signal.aborted) io.note(`detached; the job goes on. Follow it again: sage job logs -f ${jobId}`);
    }
  },
  print({ job, isFollowed }, io, { options, daemon }) {
    if (options.follow) {
      io.line(`${job.jobId} (${job.name}) ${statusOf(job)}`);
      if (isFollowed && job.failure) printFailure(job.failure, io);
      return;
    }
    io.line(job.jobId);
    const port = daemon.port === undefined ? "" : ` --port ${daemon.port}`;
    io.note(`job ${job.number} (${job.name}) is submitted`);
    io.note(`  watch it:   sage job watch ${job.number}${port}`);
    io.note(`  its lines:  sage job logs -f ${job.number}${port}`);
    io.note(`  end it:     sage job stop ${job.number}${port}`);
  },
  names: ({ job }) => [job.jobId],
  toJson: ({ job, nowMs }) => jobJson({ ...job, planJson: "" }, nowMs),
  exitCode: (last) => (last?.isFollowed && last.job.phase === "FAILED" ? exitCodes.failed : exitCodes.ok),
});
