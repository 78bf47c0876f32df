import { streamingCommand } from "../command.ts";
import { showDuration } from "../durations.ts";
import { UsageError } from "../errors.ts";
import { resultJson } from "../job-view.ts";
import { programLabel } from "../program-file.ts";
import { openProgress, shareTerminal } from "../progress.ts";

export const run = streamingCommand({
  path: "run",
  summary: "Run a pipeline program: here, or with --remote as a job of the daemon",
  args: ["file", "args..."],
  argHelp: { file: "the TypeScript file that builds the pipeline and submits it", args: "the program's own arguments, behind --" },
  onDaemon: true,
  options: {
    local: { type: "boolean", help: "in this process, or with more parallelism in worker processes of its own" },
    remote: { type: "boolean", help: "as a job of the JobManager daemon" },
    param: { type: "pairs", help: "a parameter of the pipeline, env.params; as often as wanted" },
    parallelism: { type: "integer", value: "N", max: 10_000, help: "default parallelism of the operators" },
  },
  details: "Without --local and --remote it goes where the program says; environment() goes where SAGE_TARGET says, else it runs here.\nCtrl-C ends a local run and lets go of a remote one, which goes on.",
  examples: ["sage run words.ts", "sage run words.ts --parallelism 4 --param input=texts/*.txt", "sage run words.ts --remote -- --verbose"],
  async *stream({ args, options, env, cwd, signal, clock, io, daemon, reach, forPrograms }) {
    if (options.local && options.remote) throw new UsageError("--local and --remote ask for two places", "Give one of them.");
    const { runFile } = await import("../run-file.ts");
    using bar = openProgress(io, { wanted: !forPrograms, clock });
    using _shared = shareTerminal([io.stdout, io.stderr], bar);
    const label = programLabel(args.file);
    yield* await runFile(args.file, {
      ...options, ...daemon, reach, env, cwd, signal, argv: args.args,
      target: options.local ? "local" : options.remote ? "remote" : undefined,
      onProgress: ({ status, records, recordsPerSecond, fraction }) => bar.update({ label, status, records, recordsPerSecond, fraction }),
      onWarning: (text) => io.note("warning: ", text),
    });
  },
  // The program's own output is the result; what became of its jobs is for the person.
  print: (job, io) => io.note(`${job.name}: ${job.status}${job.endedAtMs === undefined ? "" : ` in ${showDuration(job.endedAtMs - job.startedAtMs)}`}`),
  names: (job) => [job.jobId],
  toJson: resultJson,
});
