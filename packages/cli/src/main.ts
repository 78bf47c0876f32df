// The `sage` binary: this process' streams, signals and exit code around `runCli`.
//
// Rules: a reader that goes away (`sage … | head`) ends us quietly; the first Ctrl-C lets the command finish tidily, a
// second one ends it at once; output is written out before the process ends, or it is an error.

import { InterruptedError } from "./errors.ts";
import { exitCodes } from "./exit-code.ts";
import { runCli } from "./run-cli.ts";

/** Runs a command line; sets `process.exitCode`. @param argv - without `node` and the script. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  const interrupt = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (interrupt.signal.aborted) process.exit(exitCodes.interrupted);
    interrupt.abort(new InterruptedError(name));
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(exitCodes.ok);
      if (stream === process.stdout) process.stderr.write(`error: the output cannot be written: ${error.message}\n`);
      process.exit(exitCodes.failed);
    });
  }
  const { stdin, stdout, stderr, env } = process;
  const code = await runCli(argv, { stdin, stdout, stderr, env, cwd: process.cwd(), signal: interrupt.signal });
  process.exitCode = process.exitCode || code;
  await Promise.all([flushed(stdout), flushed(stderr)]);
  process.exit();
}

const flushed = (stream: NodeJS.WriteStream) => new Promise<void>((resolve) => { stream.write("", () => resolve()); });
