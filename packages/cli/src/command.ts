// What a command is: words that call it, what it takes, a `run` that returns data and a `print` that shows them.
//
// Rules for every command file:
//   C1. It declares, calls a library, and returns data. No `process.*`, no `console`, no decision of a library's.
//   C2. At the top it imports only this frame. Libraries are imported inside `run`, or come from the context, so that
//       `sage --help` loads nothing but the table of commands.
//   C3. What `run` returns is what `--json` prints: keys as in the proto, times as RFC 3339, durations in ms.

import type { Clock } from "@sage/core";
import type { JobManagerClient } from "@sage/jobmanager-client";
import type { ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import type { OptionTable, OptionValues } from "./options.ts";

type ArgName<A extends string> = A extends `${infer Name}...` ? Name : A extends `${infer Name}?` ? Name : A;
type ArgValue<A extends string> = A extends `${string}...` ? readonly string[] : A extends `${string}?` ? string | undefined : string;
/** `["job-id", "key?", "rest..."]` → `{ "job-id": string; key: string | undefined; rest: readonly string[] }`. */
export type ArgValues<A extends readonly string[]> = { readonly [Name in A[number] as ArgName<Name>]: ArgValue<Name> };

export interface CommandContext<A extends readonly string[], O extends OptionTable> {
  readonly args: ArgValues<A>;
  readonly options: OptionValues<O>;
  /** For questions, progress and hints; the result is returned, not written. */
  readonly io: Io;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly clock: Clock;
  /** Fires on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Whether the result is for a program: then no hint and no progress is written. */
  readonly forPrograms: boolean;
  /** `--host` and `--port`, of commands that talk to a daemon. */
  readonly daemon: DaemonOptions;
  /** A client of the daemon that `--host` and `--port`, else the configuration, name. */
  connect(): Promise<JobManagerClient>;
  /** What to dial for a daemon that is reached through SSH, until the command ends; undefined: the daemon itself. */
  reach(daemon: DaemonOptions): Promise<string | undefined>;
  /**
   * Asks on the terminal; `--yes` answers beforehand.
   *
   * @param how.onlyOnTerminal - without a terminal an option of the command is answer enough.
   * @throws ConfirmationNeededError, DeclinedError
   */
  confirm(question: string, how?: { readonly onlyOnTerminal: boolean }): Promise<void>;
}

export interface DaemonOptions {
  readonly host: string | undefined;
  readonly port: number | undefined;
}

interface Declaration<A extends readonly string[], O extends OptionTable> {
  /** The words that call it: "job stop". */
  readonly path: string;
  readonly summary: string;
  /** Names; `?` behind one makes it optional, `...` takes the rest. */
  readonly args?: A;
  /** What each argument is, by its name without `?` and `...`. */
  readonly argHelp?: Readonly<Record<string, string>>;
  readonly options?: O;
  /** Typed as they are, for the help. */
  readonly examples?: readonly string[];
  /** Words behind the summary in the help: rules that a user must know. */
  readonly details?: string;
  /** Whether it only reads: then it takes `-o table|wide|json|yaml|name`; others take `--json` alone. */
  readonly reads?: boolean;
  /** Whether it talks to a daemon: then it takes `--host` and `--port`. */
  readonly onDaemon?: boolean;
  /** Whether it may ask: then it takes `--yes`. */
  readonly asks?: boolean;
  /** Another name of a command, which help and completion leave out. */
  readonly hidden?: boolean;
}

export interface OneResult<A extends readonly string[], O extends OptionTable, R> extends Declaration<A, O> {
  run(context: CommandContext<A, O>): Promise<R> | R;
  print(result: R, io: Io, context: PrintContext<O>): void;
  /** What `-o name` prints, one a line. */
  names?(result: R): readonly string[];
  /** What `--json` and `-o yaml` print; default: the result. */
  toJson?(result: R): unknown;
  exitCode?(result: R): ExitCode;
}

/** A command whose result grows while it runs; `--json` prints one line for each. */
export interface StreamedResult<A extends readonly string[], O extends OptionTable, R> extends Declaration<A, O> {
  stream(context: CommandContext<A, O>): AsyncIterable<R>;
  print(result: R, io: Io, context: PrintContext<O>): void;
  names?(result: R): readonly string[];
  toJson?(result: R): unknown;
  /** Of the last result. */
  exitCode?(last: R | undefined): ExitCode;
}

export interface PrintContext<O extends OptionTable> {
  readonly options: OptionValues<O>;
  readonly daemon: DaemonOptions;
  readonly wide: boolean;
}

/** A command whose types are forgotten, as the table holds it. */
export type AnyCommand = OneResult<readonly string[], OptionTable, unknown> | StreamedResult<readonly string[], OptionTable, unknown>;

export function command<const A extends readonly string[], const O extends OptionTable, R>(declared: OneResult<A, O, R>): AnyCommand {
  return declared as unknown as AnyCommand;
}

export function streamingCommand<const A extends readonly string[], const O extends OptionTable, R>(declared: StreamedResult<A, O, R>): AnyCommand {
  return declared as unknown as AnyCommand;
}
