// One command line from its words to its exit code: parse, run, write, or explain what went wrong. Knows no process.

import { isSageError, systemClock, type Clock } from "@sage/core";
import type { DaemonWays } from "./cluster/daemon-ways.ts";
import type { AnyCommand, DaemonOptions } from "./command.ts";
import { commandSet } from "./command-table.ts";
import { confirm } from "./confirm.ts";
import { InterruptedError } from "./errors.ts";
import { escapeLine } from "./escape.ts";
import { exitCodeOf, exitCodes, type ExitCode } from "./exit-code.ts";
import { openIo, type Io, type Sink } from "./io.ts";
import { daemonOptions, formOf, writeResult, type Form } from "./output.ts";
import { parse } from "./parser.ts";
import { errorJson, renderError } from "./render-error.ts";

export interface Surroundings {
  readonly stdout: Sink;
  readonly stderr: Sink & NodeJS.WritableStream;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Fires on Ctrl-C, with an {@link InterruptedError}. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/** @param argv - without `node` and the script. */
export async function runCli(argv: readonly string[], around: Surroundings): Promise<ExitCode> {
  const { env, stdout, stderr } = around;
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const io = openIo({ stdout, stderr, env, noColor: own.includes("--no-color"), quiet: own.includes("--quiet") || own.includes("-q") });
  try {
    const parsed = parse(commandSet, argv, Math.min(io.width ?? 100, 120));
    if (parsed.kind === "text") {
      stdout.write(parsed.text.endsWith("\n") ? parsed.text : `${parsed.text}\n`);
      return exitCodes.ok;
    }
    return await call(parsed.command, parsed.args, parsed.options, io, around);
  } catch (error) {
    return explain(error, own.includes("--json") ? "json" : "table", io, around);
  }
}

async function call(command: AnyCommand, args: Readonly<Record<string, unknown>>, options: Readonly<Record<string, unknown>>, io: Io, around: Surroundings): Promise<ExitCode> {
  const form = formOf(options);
  const { env, cwd, signal, stdin, stderr, clock = systemClock } = around;
  const connections: AsyncDisposable[] = [];
  let ways: Promise<DaemonWays> | undefined;
  const openWays = (): Promise<DaemonWays> => (ways ??= import("./cluster/daemon-ways.ts").then(({ DaemonWays: Ways }) => new Ways({ env, io, clock, signal })));
  const context = {
    args, options, io, env, cwd, signal, clock,
    daemon: daemonOptions(options),
    forPrograms: form !== "table" && form !== "wide",
    connect: async () => {
      const { connectDaemon } = await import("./connect.ts");
      const client = await connectDaemon(options, env, await openWays(), signal);
      connections.push(client);
      return client;
    },
    reach: async (daemon: DaemonOptions) => (await openWays()).to(daemon),
    confirm: (question: string, how?: { readonly onlyOnTerminal: boolean }) => confirm(escapeLine(question), { ...how, yes: options["yes"] === true, stdin, stderr, stderrIsTerminal: io.stderrIsTerminal, signal }),
  };
  try {
    if (!("stream" in command)) {
      const result = await command.run(context as never);
      writeResult(command, result, form, options, io);
      return command.exitCode?.(result) ?? exitCodes.ok;
    }
    let last: unknown;
    for await (last of command.stream(context as never)) writeResult(command, last, form, options, io);
    return command.exitCode?.(last) ?? exitCodes.ok;
  } catch (error) {
    return explain(error, form, io, around);
  } finally {
    for (const connection of connections) await connection[Symbol.asyncDispose]();
    await (await ways)?.[Symbol.asyncDispose]();
  }
}

function explain(error: unknown, form: Form, io: Io, { env, signal }: Surroundings): ExitCode {
  const own = isSageError(error) && error.code === "SAGE_INTERRUPTED";
  const reason: unknown = signal.aborted && !own && signal.reason instanceof InterruptedError ? signal.reason : error;
  if (form === "json") io.error(JSON.stringify(errorJson(reason)));
  else if (reason !== signal.reason) renderError(reason, io, Boolean(env["SAGE_DEBUG"])); // who pressed Ctrl-C knows
  return exitCodeOf(reason);
}
