// From a submitted program to its graph, as a worker needs it: evaluated here, and the same as where it was submitted.

import { systemClock, type Clock } from "@sage/core";
import {
  PlanMismatchError, buildPipeline, compile, installHost, isPipelineDefinition, planDifference,
  type Graph, type ParamValue,
} from "@sage/graph";
import type { Plan } from "@sage/protocol";
import { placeOf } from "../stack.ts";
import { CapturingHost } from "./capturing-host.ts";
import { NeverSubmittedError, explained } from "./errors.ts";
import { importProgram } from "./import-program.ts";
import type { ProgramFiles } from "./program-files.ts";
import { QuietWatch } from "./quiet.ts";

export interface UserCodeOptions {
  readonly program: ProgramFiles;
  /** The plan as submitted. */
  readonly plan: Plan;
  /** Makes another plan: with this default parallelism, and the key groups of `plan`. */
  readonly replanParallelism?: number;
  /** Which submit() of the program it is of, from 0. */
  readonly pipelineIndex: number;
  readonly argv: readonly string[];
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Longest time until the submit, in milliseconds; default 30,000. */
  readonly deadlineMs?: number;
  /** How long a program that does nothing may do so, in milliseconds; default 1,000. */
  readonly quietMs?: number;
  /** Hears what the program throws behind the submit. */
  readonly onLateError?: (error: unknown) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** A program's graph. Disposing brings back the former host of pipelines; until then the program can submit nothing. */
export interface UserCode extends Disposable {
  readonly graph: Graph;
  /** Made here; equal to the submitted one, but for what `replanParallelism` changes. */
  readonly plan: Plan;
  /** With the program's own defaults. */
  readonly params: Readonly<Record<string, ParamValue>>;
}

/**
 * Evaluates a program up to one of its submits.
 *
 * @throws PlanMismatchError, ProgramThrewError, NeverSubmittedError, ResultsElsewhereError.
 */
export async function loadUserCode(options: UserCodeOptions): Promise<UserCode> {
  const host = new CapturingHost(options.pipelineIndex, { params: options.params, parallelism: options.replanParallelism ?? options.plan.parallelism });
  const installed = installHost(host);
  try {
    const { graph, params } = await firstOf(host, options);
    const plan = compile(graph, { maxParallelism: options.plan.maxParallelism });
    const difference = options.replanParallelism === undefined ? planDifference(options.plan, plan) : undefined;
    if (difference !== undefined) throw new PlanMismatchError(difference);
    return { graph, plan, params, [Symbol.dispose]: () => installed[Symbol.dispose]() };
  } catch (error) {
    installed[Symbol.dispose]();
    throw error;
  }
}

interface Built {
  readonly graph: Graph;
  readonly params: Readonly<Record<string, ParamValue>>;
}

/** What comes first: the submit, the end of the module, an error, silence, the deadline. */
async function firstOf(host: CapturingHost, options: UserCodeOptions): Promise<Built> {
  const { program, clock = systemClock, deadlineMs = 30_000, quietMs = 1_000, onLateError = () => {}, pipelineIndex } = options;
  const over = new AbortController();
  const signal = options.signal ? AbortSignal.any([over.signal, options.signal]) : over.signal;
  const never = (how: ConstructorParameters<typeof NeverSubmittedError>[0]) => new NeverSubmittedError(how, host.submits, pipelineIndex);
  const deadline = clock.sleep(deadlineMs, signal).then(() => { throw never({ deadlineMs }); });
  const watch = new QuietWatch(clock);
  let ended = false;
  const module = importProgram(program, options.argv).then(
    (exports) => { ended = true; return definedIn(exports, host, program); },
    (error: unknown) => {
      if (over.signal.aborted) onLateError(error);
      throw explained(error, (each) => placeOf(each, program.sources));
    },
  );
  const silence = watch.quiet(quietMs, signal).then(() => { throw never(ended ? "ended" : "waits for nothing"); });
  try {
    return await Promise.race([host.captured, module, silence, deadline]);
  } finally {
    over.abort();
    for (const loser of [module, silence, deadline]) loser.catch(() => {}); // the race has an answer already
  }
}

/** The pipeline that a module exports as its default, if it submits none; otherwise waits for the submit for ever. */
function definedIn(exports: Readonly<Record<string, unknown>>, host: CapturingHost, program: ProgramFiles): Promise<Built> {
  const definition = exports["default"];
  if (host.submits > 0 || !isPipelineDefinition(definition)) return new Promise(() => {});
  try {
    const built = buildPipeline(definition);
    return Promise.resolve({ graph: built.graph(), params: built.params });
  } catch (error) {
    throw explained(error, (each) => placeOf(each, program.sources));
  }
}
