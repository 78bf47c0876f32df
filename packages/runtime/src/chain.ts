// One parallel instance of a chain: its functions, and the code generated to run them.

import { loggerTo, type Clock, type LogFields, type LogLevel } from "@sage/core";
import type { UserFunction } from "@sage/graph";
import { CodeWriter } from "./chain/code-writer.ts";
import { isConcurrent, type ChainLayout, type ChainNode } from "./chain/layout.ts";
import { ChainScope, skipped, type Wait } from "./chain/scope.ts";
import { makeFunction, OpenFunction } from "./chain/user-functions.ts";
import type { KeptBeside } from "./checkpoint/state-part.ts";
import { ChainStates } from "./checkpoint/chain-states.ts";
import type { OperatorPlace } from "./current-operator.ts";
import { OperatorContext, type JobSurroundings } from "./operator-context.ts";
import { Accumulating } from "./operators/accumulating.ts";
import { Collecting } from "./operators/collecting.ts";
import { FailurePolicy, type DeadLetter } from "./operators/failure-policy.ts";
import { BroadcastStates } from "./operators/broadcast-process.ts";
import { IntervalJoin } from "./operators/interval-join.ts";
import { Join } from "./operators/join.ts";
import { Pool } from "./operators/pool.ts";
import { pairing } from "./operators/window-join.ts";
import { windowsOf } from "./operators/windows.ts";
import { Timestamps } from "./operators/timestamps.ts";
import { Print } from "./operators/print.ts";
import { idleMark, Pulled } from "./operators/pulled.ts";
import { TimedProcess, type OnTimer } from "./operators/timed-process.ts";
import type { Output } from "./outputs/output.ts";
import { storedUndefined } from "./state/keyed-state.ts";
import { chainTimeOf, type ChainTime, type TimeKeeper } from "./time/chain-time.ts";
import type { TimeSlice } from "./time-slice.ts";

/** Where operators' side effects go. */
export interface OperatorHooks {
  onLog(line: OperatorLogLine): void;
  /** Takes a line; a promise slows the pipeline down. */
  onPrint(operator: string, index: number, text: string): Promise<void> | undefined | void;
  /** Takes a record that was put aside; a promise slows the pipeline down. */
  onDeadLetter(letter: DeadLetter): Promise<void> | undefined | void;
}

export interface OperatorLogLine {
  readonly operator: string;
  readonly index: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

export interface ChainOptions {
  readonly layout: ChainLayout;
  /** Parallel instance, from 0. */
  readonly index: number;
  readonly job: JobSurroundings;
  readonly hooks: OperatorHooks;
  readonly clock: Clock;
  readonly slice: TimeSlice;
  /** Key groups of the plan. */
  readonly maxParallelism: number;
  /** Told of failures beside the path of records. */
  readonly abort: (error: unknown) => void;
}

/** Processes `batch[from … to - 1]`; a promise means: waits, go on at `scope.next`. */
export type Entry = (batch: readonly unknown[], from: number, to: number) => Wait;

interface Program {
  readonly entries: readonly Entry[];
  readonly pull?: (max: number) => Wait;
  readonly place: () => number;
}

/** What an operator does besides its part of the generated code. */
export interface OperatorRuntime extends TimeKeeper {
  readonly policy: FailurePolicy;
  readonly busy?: boolean;
  readonly beside?: KeptBeside;
  finish?(): Promise<void>;
  /** Resolves when no record is inside. */
  emptied?(): Promise<void>;
}

let programs = 0;

export class Chain {
  readonly layout: ChainLayout;
  readonly index: number;
  readonly scope: ChainScope;
  readonly contexts: readonly OperatorContext[];
  readonly states: ChainStates;
  /** Operators, by id, that had come to their end before they were restored. */
  finished: ReadonlySet<string> = new Set();
  readonly #functions: readonly unknown[];
  readonly #runtimes: readonly OperatorRuntime[];
  readonly #inputKeys: readonly unknown[];
  readonly #nodeKeys: readonly unknown[];
  readonly #open: OpenFunction[] = [];
  readonly #clock: Clock;
  #program: Program | undefined;
  /** Set where operators have to do with time. */
  time: ChainTime | undefined;

  constructor(options: ChainOptions) {
    const { layout, index, job, hooks, clock } = options;
    this.layout = layout;
    this.index = index;
    this.#clock = clock;
    this.scope = new ChainScope(layout.nodes, layout.counters, index, options.slice, job.signal, options.abort);
    this.contexts = layout.nodes.map((node) => contextOf(node, index, job, hooks));
    this.#inputKeys = layout.inputs.map(({ key }) => key && this.make(key, 0));
    this.#nodeKeys = layout.nodes.map(({ key, at }) => key && this.make(key, at));
    this.#functions = layout.nodes.map(({ graph, at }) => graph.fn && this.make(graph.fn, at));
    this.#runtimes = layout.nodes.map((node) => this.#runtimeOf(node, new FailurePolicy(this.scope, node, hooks.onDeadLetter, clock), hooks));
    this.states = new ChainStates(layout, index, this.#functions, layout.nodes.map(({ at }) => this.#besideOf(at)), this.contexts, options.maxParallelism);
  }

  /** Makes a function that runs at the operator at `at`, and is opened and closed with it. */
  make(fn: UserFunction, at: number): unknown {
    const context = this.contexts[at]!;
    let made: unknown;
    try {
      made = makeFunction(fn, context);
    } catch (error) {
      throw this.scope.failureOf(error, at, 0, " in its constructor");
    }
    if (fn.form === "class") this.#open.push(new OpenFunction(made, context, (error, during) => this.scope.failureOf(error, at, 0, during)));
    return made;
  }

  /** The user's function, or iterable, of the first operator. */
  get source(): unknown {
    return this.#functions[0];
  }

  /** Calls `open` of every function, in the order in which records pass them. */
  async open(): Promise<void> {
    for (const fn of this.#open) await fn.open();
    this.states.opened();
  }

  /** Calls `close` of every function that was opened; resolves to what went wrong. */
  async close(): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (const fn of this.#open) await fn.close().catch((error: unknown) => errors.push(error));
    return errors;
  }

  /** Generates the code; records leave through `outputs`, in the order of the layout's. */
  connect(outputs: readonly Output[]): void {
    const text = new CodeWriter(this.layout).write();
    const name = this.layout.chain.name.replaceAll(/[^\w→]+/g, "_").slice(0, 80);
    // The number makes every text new: V8 would share what it learns about call sites among equal texts.
    const url = `//# sourceURL=sage-chain/${++programs}/${name}`;
    const make = new Function("S", "f", "x", "k", "ke", "s", "q", "o", "SKIP", "IDLE", "UNDEF", `${text}\n${url}`) as (...args: unknown[]) => Program;
    const policies = this.#runtimes.map((runtime) => runtime.policy);
    this.#program = make(this.scope, this.#functions, this.contexts, this.#nodeKeys, this.#inputKeys, policies, this.#runtimes, outputs, skipped, idleMark, storedUndefined);
    this.time = chainTimeOf(this.layout, this.#runtimes, outputs, this.#clock);
  }

  /** One entry per input of the layout; of a source: one, for batches of its records. */
  get entries(): readonly Entry[] {
    return this.#program!.entries;
  }

  /** Asks a source for up to `max` records; see `scope.ended` and `scope.idle` afterwards. */
  get pull(): ((max: number) => Wait) | undefined {
    return this.#program!.pull;
  }

  /** The operator whose code runs now, or ran last. */
  place(): OperatorPlace | undefined {
    const node = this.layout.nodes[this.#program?.place() ?? -1];
    return node && { name: node.plan.name, index: this.index };
  }

  /** Whether records are inside that no call is working on. */
  get busy(): boolean {
    return this.#runtimes.some((runtime) => runtime.busy === true);
  }

  /** Behind the last record: lets every operator emit what it holds, each before those behind it. */
  async finish(): Promise<void> {
    for (const runtime of this.#runtimes) if (!this.finished.has(runtime.policy.node.plan.id)) await runtime.finish?.();
  }

  /** Between two records: resolves when none is inside an operator. */
  async emptied(): Promise<void> {
    for (const runtime of this.#runtimes) await runtime.emptied?.();
  }

  #besideOf(at: number): readonly KeptBeside[] {
    return [this.#runtimes[at]?.beside, this.contexts[at]?.broadcasts].filter((kept) => kept !== undefined);
  }

  runtimeOf(at: number): OperatorRuntime {
    return this.#runtimes[at]!;
  }

  policyOf(at: number): FailurePolicy {
    return this.#runtimes[at]!.policy;
  }

  #runtimeOf(node: ChainNode, policy: FailurePolicy, hooks: OperatorHooks): OperatorRuntime {
    const { at, plan, graph } = node;
    const context = this.contexts[at]!;
    const fn = this.#functions[at];
    const collecting = () => new Collecting(policy, context, plan.kind === "flatMap", plan.kind === "flatMap" ? undefined : finishOf(fn));
    const processing = () => (node.keyed && hasOnTimer(fn) ? new TimedProcess(policy, context, (timeMs, ctx) => fn.onTimer(timeMs, ctx), finishOf(fn)) : collecting());
    if (isConcurrent(plan)) return new Pool(policy, context, plan.kind === "process" || plan.kind === "flatMap" ? collecting() : undefined);
    switch (plan.kind) {
      case "flatMap": return collecting();
      case "broadcastProcess": {
        context.broadcasts = new BroadcastStates(context);
        return processing();
      }
      case "process": return processing();
      case "reduce": case "aggregate": return new Accumulating(policy, context, fn);
      case "assignTimestamps": return new Timestamps(policy, graph.more?.["generator"] && (this.make(graph.more["generator"], at) as ConstructorParameters<typeof Timestamps>[1]));
      case "window": return windowsOf(policy, context, fn, graph.more?.["trigger"] && (this.make(graph.more["trigger"], at) as Parameters<typeof windowsOf>[3]));
      case "windowJoin": return windowsOf(policy, context, pairing(fn, graph.fn!.form), undefined);
      case "intervalJoin": return new IntervalJoin(policy, context, fn, graph.fn!.form);
      case "join": return new Join(policy, context, fn, graph.fn!.form);
      case "print": return new Print(policy, (text) => hooks.onPrint(plan.name, this.index, text) ?? undefined);
      case "batch": case "source": return new Pulled(policy, graph.fn!.form === "function" ? () => (fn as (ctx: unknown) => unknown)(context) : () => (fn as { execute(): unknown }).execute());
      default: return { policy };
    }
  }
}

const hasOnTimer = (fn: unknown): fn is { onTimer: OnTimer } => typeof fn === "object" && typeof (fn as { onTimer?: unknown } | null)?.onTimer === "function";

function finishOf(fn: unknown): ((ctx: OperatorContext) => unknown) | undefined {
  const instance = fn as { finish?(ctx: OperatorContext): unknown };
  return typeof fn === "object" && typeof instance.finish === "function" ? (ctx) => instance.finish!(ctx) : undefined;
}

function contextOf(node: ChainNode, parallelIndex: number, job: JobSurroundings, hooks: OperatorHooks): OperatorContext {
  const { name, parallelism } = node.plan;
  const logger = loggerTo((level, message, fields) => hooks.onLog({ operator: name, index: parallelIndex, level, message, fields }));
  return new OperatorContext(job, { name, parallelIndex, parallelism, keyed: node.keyed }, logger);
}
