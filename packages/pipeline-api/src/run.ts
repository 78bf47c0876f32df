// Runs a program file as `sage run` does: bundled, with settings from outside, in this process or on a daemon.
//
// Invariants:
//   R1. Nothing is printed: what happened is returned, and told to the callbacks while it happens.
//   R2. When it returns, every submit of the program has ended, local jobs are gone, and no file of it is left.

import { pathToFileURL } from "node:url";
import { isSageError } from "@sage/core";
import { installHost, isPipelineDefinition, type JobProgress, type JobResult, type ParamValue } from "@sage/graph";
import { bundleProgram, type ProgramBundle } from "@sage/jobmanager-client/bundle";
import { environment } from "./configured-environment.ts";
import { DefaultHost } from "./default-host.ts";
import type { JobSettings, OnLine, SubmissionSettings } from "./job-settings.ts";
import { NothingSubmittedError } from "./errors.ts";
import { placeProgram } from "./place-program.ts";
import { ProgramJobs } from "./program-jobs.ts";

export interface ProgramOptions {
  /** Where jobs run, whatever the program says; default: what it says, else `SAGE_TARGET`, else local. */
  readonly target?: "local" | "remote";
  /** `--param k=v`: before the program's own defaults. */
  readonly params?: Readonly<Record<string, ParamValue>>;
  /** Default parallelism of operators, before the program's own. */
  readonly parallelism?: number;
  /** The program's own arguments. */
  readonly argv?: readonly string[];
  /** The daemon of remote jobs, before the program's own. */
  readonly host?: string;
  readonly port?: number;
  readonly token?: string;
  /** What to dial for a daemon that is not reached directly, such as the end of a tunnel; undefined: the daemon itself. */
  readonly reach?: NonNullable<JobSettings["reach"]>;
  /** Lines that workers write; default: this process' stdout and stderr. */
  readonly onLine?: OnLine;
  readonly onProgress?: (progress: JobProgress) => void;
  readonly onWarning?: (text: string) => void;
  /** Of jobs on a daemon. */
  readonly submission?: SubmissionSettings;
  /** Ctrl-C: ends local jobs and lets go of remote ones. */
  readonly signal?: AbortSignal;
}

export interface ProgramOutcome {
  /** 0: all well; 1: failed; 3: no such program; 4: no daemon; 124: a wait was too long; 130: interrupted. */
  readonly exitCode: number;
  /** The jobs in order of their submits, as far as they came. */
  readonly jobs: readonly JobResult[];
  /** What the program threw, or its first failed job, with a stack of the user's sources. */
  readonly error?: unknown;
}

/**
 * Bundles and runs a program, and waits for all that it submits. A module whose default export is `pipeline(…)` is
 * submitted. Sets `process.argv` and the source maps of this process: meant for a process that does little else.
 */
export async function runProgram(file: string, options: ProgramOptions = {}): Promise<ProgramOutcome> {
  const jobs = new ProgramJobs(options.signal);
  using _exits = noticeExit(jobs, options);
  let error: unknown;
  try {
    const [bundle] = await Promise.all([bundleProgram(file, import.meta.dirname), preload(options)]);
    for (const warning of bundle.warnings) options.onWarning?.(warning);
    using _host = installHost(jobs.followed(new DefaultHost(hostSettings(bundle, options))));
    await using program = await placeProgram(bundle);
    await jobs.untilEnded(evaluate(program.path, bundle.entry, options));
    if (!jobs.hasSubmitted) throw new NothingSubmittedError(file);
  } catch (caught) {
    error = caught;
  }
  return { exitCode: exitCodeOf(error), jobs: await jobs.results(), ...(error === undefined ? {} : { error }) };
}

/** A job in this process ends with it: `process.exit` in an operator must not look like success. */
function noticeExit(jobs: ProgramJobs, { onWarning }: ProgramOptions): Disposable {
  const onExit = (code: number) => {
    const jobId = jobs.awaitedHere;
    if (jobId === undefined) return;
    if (code === 0) process.exitCode = 1;
    onWarning?.(`the program called process.exit(${code}), which ended job ${jobId} before its end`);
  };
  process.on("exit", onExit);
  return { [Symbol.dispose]: () => { process.off("exit", onExit); } };
}

/** What the program will most likely need, loaded while esbuild works in its own process. */
async function preload({ target }: ProgramOptions): Promise<void> {
  if ((target ?? process.env["SAGE_TARGET"]) === "remote") await import("./run-on-daemon.ts");
  else await import("./run-here.ts");
}

function hostSettings(bundle: ProgramBundle, options: ProgramOptions): ConstructorParameters<typeof DefaultHost>[0] {
  const { target, params, parallelism, argv = [], host, port, token, reach, onLine, onProgress, onWarning, submission, signal } = options;
  return {
    bundle, argv,
    overrides: { ...(params ? { params } : {}), ...(parallelism === undefined ? {} : { parallelism }) },
    remote: { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }), ...(token === undefined ? {} : { token }) },
    ...(reach ? { reach } : {}), ...(target === undefined ? {} : { target }), ...(onLine ? { onLine } : {}), ...(onProgress ? { onProgress } : {}),
    ...(onWarning ? { onWarning } : {}), ...(submission ? { submission } : {}), ...(signal ? { interrupt: signal } : {}),
  };
}

/** The program from its first line to the end of what its default export builds. To it, the main module is its source. */
async function evaluate(path: string, entry: string, { argv = [] }: ProgramOptions): Promise<void> {
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, entry, ...argv];
  const module = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { default?: unknown };
  if (!isPipelineDefinition(module.default)) return;
  await using env = environment(module.default.name);
  module.default.build(env, env.params);
  await env.submit({ timeoutMs: 0 });
}

const exitCodes: Readonly<Record<string, number>> = {
  SAGE_ENTRY_NOT_FOUND: 3, SAGE_DAEMON_UNREACHABLE: 4, SAGE_AUTOSTOP_TIMEOUT: 124, SAGE_TIMEOUT: 124, SAGE_INTERRUPTED: 130,
};

function exitCodeOf(error: unknown): number {
  if (error === undefined) return 0;
  return isSageError(error) ? (exitCodes[error.code] ?? 1) : 1;
}
