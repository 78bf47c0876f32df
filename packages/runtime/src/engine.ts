// Runs a plan, or the part of it whose slots are in this process.
//
// Invariants:
//   R1. Every function is opened before the first record, and closed exactly once: behind its last record, or when the
//       run fails or is cancelled.
//   R2. The first failure ends the run and is what `run` rejects with; later ones, its consequences, are logged.
//   R3. When `run` settles, every task has ended.

import { setMaxListeners } from "node:events";
import { tmpdir } from "node:os";
import { messageOf, systemClock, type Clock } from "@sage/core";
import type { Graph, ParamValue } from "@sage/graph";
import { endedLoops, sumLoops, type LoopSum, type Plan } from "@sage/protocol/records";
import { instanceKey } from "./checkpoint/distribute.ts";
import { EngineCheckpoints, type NodeSnapshot, type StateStaging } from "./checkpoint/engine-checkpoints.ts";
import type { NodeRestore, Trigger } from "./checkpoint/state-part.ts";
import { CancelledError, OperatorFailedError } from "./errors.ts";
import type { AlignmentOptions } from "./feeds/input-feed.ts";
import { FutureFeed } from "./feeds/future-feed.ts";
import { metricsOf, type InstanceMetrics } from "./observe/instance-metrics.ts";
import { markEveryMs, preciseNowMs } from "./observe/latency.ts";
import { noServices, type ServiceDirectory } from "./services/service-directory.ts";
import { Timestamps } from "./operators/timestamps.ts";
import { Alignment, type GroupTime } from "./time/alignment.ts";
import type { Task } from "./task.ts";
import { Wiring, type EngineHooks, type RemoteChannels, type WiredTask } from "./wiring.ts";

export interface EngineOptions {
  readonly plan: Plan;
  readonly graph: Graph;
  readonly jobId: string;
  readonly params?: Readonly<Record<string, ParamValue>>;
  /** Where relative paths of file sources start. */
  readonly baseDir: string;
  /** Slots that run in this process; default: all. Slot i runs instance i of every chain that has so many. */
  readonly slots?: readonly number[];
  /** Leads to the slots that run elsewhere; needed unless all run here. */
  readonly channels?: RemoteChannels;
  readonly services?: ServiceDirectory;
  readonly hooks: EngineHooks;
  /** Cancels the run. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** For what does not fit into memory; default: the system's. */
  readonly tempDir?: string;
  /** So many records of each loop instance wait in memory, the rest in a file; default 262,144. */
  readonly loopMemoryRecords?: number;
  /** Where snapshots go; without it there are none, and transactional sinks commit at the end. */
  readonly staging?: StateStaging;
  /** What instances begin with, by `instanceKey`; others begin at the start. */
  readonly restore?: ReadonlyMap<string, NodeRestore>;
  /** All tasks of this process have ended, or wait for a checkpoint to commit what their sinks have prepared. */
  readonly onAwaitsCheckpoint?: () => void;
  /** What barriers do on their way; default: they are aligned, however long that takes. */
  readonly alignment?: AlignmentOptions;
  /** Where other processes have sources of a group too: takes how far the groups are here; {@link Engine.align} says how far they are in all. */
  readonly onAlignment?: (times: readonly GroupTime[]) => void;
  /** Whether tasks count their busy, back-pressured and idle time; default true, unless SAGE_OBSERVE is "off". */
  readonly observed?: boolean;
}

/** The records of one loop, as far as this process has sent and processed them. */
export interface LoopCount extends LoopSum {
  readonly loopId: string;
}

/** How often to look whether a loop has ended, in milliseconds. */
const loopCheckMs = 10;

export class Engine implements AsyncDisposable {
  readonly #options: EngineOptions;
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  readonly #tasks: readonly WiredTask[];
  readonly #endedLoops = new Set<string>();
  readonly #checkpoints: EngineCheckpoints;
  readonly #alignment: Alignment;
  #failure: { readonly error: unknown } | undefined;
  #running: Promise<void> | undefined;

  private constructor(options: EngineOptions) {
    const { plan, graph, jobId, params = {}, services = noServices, clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    setMaxListeners(0, this.#abort.signal); // every task listens, and user code may
    this.#tasks = new Wiring({
      plan, graph, clock, slots: this.#slots, channels: options.channels, hooks: options.hooks, baseDir: options.baseDir,
      tempDir: options.tempDir ?? tmpdir(), loopMemoryRecords: options.loopMemoryRecords ?? 262_144,
      job: { jobId, jobName: plan.name, params, services, signal: this.#abort.signal, nowMs: () => clock.now() },
      onFailure: (error) => this.#fail(error),
      onIdle: () => this.#checkLoops(),
      onCut: (cut) => this.#checkpoints.onCut(cut),
      onAwaits: () => this.#checkAwaits(),
      commitsAlone: options.staging === undefined, alignment: options.alignment ?? {},
      observed: options.observed ?? process.env["SAGE_OBSERVE"] !== "off",
    }).tasks();
    this.#alignment = this.#aligning();
    this.#checkpoints = new EngineCheckpoints(() => this.#tasks.map(({ task }) => task), options.staging);
  }

  /** Lets the sources send markers. */
  async #mark(): Promise<void> {
    const { signal } = this.#abort;
    const sources = this.#tasks.filter(({ task: { feed, load } }) => feed.drains === true && load !== undefined);
    while (sources.length > 0 && !signal.aborted) {
      await this.#clock.sleep(markEveryMs, signal).catch(() => {});
      if (!signal.aborted) for (const { task } of sources) task.mark(preciseNowMs());
    }
  }

  /** Brings the sources of a group together in event time. */
  #aligning(): Alignment {
    const members = this.#tasks.flatMap(({ task }) => task.chain.layout.nodes.map(({ at }) => ({ task, made: task.chain.runtimeOf(at) })));
    const aligned = members.flatMap(({ task, made }) => {
      const source = made instanceof Timestamps ? made.alignedSource(() => task.state !== "created" && task.state !== "running") : undefined;
      return source ? [{ source, made: made as Timestamps }] : [];
    });
    const alignment = new Alignment(aligned.map(({ source }) => source), this.#clock, this.#options.onAlignment);
    for (const { made } of aligned) made.align(alignment);
    return alignment;
  }

  /** How far the groups of aligned sources are, over all processes. */
  align(times: readonly GroupTime[]): void {
    this.#alignment.set(times);
  }

  /** Makes all functions and calls their `open`. */
  static async open(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    try {
      for (const { task } of engine.#tasks) {
        options.signal?.throwIfAborted();
        await task.chain.open();
        await engine.#restore(task);
      }
    } catch (error) {
      engine.#failure = { error };
      await engine[Symbol.asyncDispose]();
      throw error;
    }
    return engine;
  }

  async #restore(task: Task): Promise<void> {
    const { chain, feed } = task;
    const { layout: { nodes }, index } = chain;
    const restores = new Map<string, NodeRestore>();
    for (const { plan } of nodes) {
      const restore = this.#options.restore?.get(instanceKey(plan.id, index));
      if (restore !== undefined) restores.set(plan.id, restore);
    }
    chain.finished = new Set([...restores].filter(([, { finished }]) => finished).map(([id]) => id));
    await chain.states.restore(restores);
    const root = restores.get(nodes[0]!.plan.id);
    if (root === undefined) return;
    task.hasEnded = root.finished;
    await feed.restore?.(root);
  }

  /**
   * Takes a snapshot of all tasks of this process: barriers go from its sources, and on to other processes.
   *
   * @returns the states, written and not yet durable in their folder; every instance once.
   * @throws {@link StateNotSerializableError} and what writing throws; the tasks go on.
   */
  triggerCheckpoint(trigger: Trigger): Promise<readonly NodeSnapshot[]> {
    return this.#checkpoints.trigger(trigger);
  }

  /** A checkpoint is complete: sinks commit what they have prepared for it and for those before. */
  async commitCheckpoint(checkpointId: number): Promise<void> {
    await Promise.all(this.#tasks.map(({ task }) => task.commit(checkpointId)));
  }

  /** A checkpoint will not be completed. */
  giveUpCheckpoint(checkpointId: number): void {
    this.#checkpoints.giveUp(checkpointId);
  }

  /** The sources end as if they had no more records. */
  drain(): void {
    for (const { task } of this.#tasks) task.drain();
  }

  /** Whether all of this process's tasks have ended but for what a checkpoint has to commit. */
  get awaitsCheckpoint(): boolean {
    const open = this.#tasks.filter(({ task }) => task.state !== "finished");
    return open.length > 0 && open.every(({ task }) => task.awaitsCheckpoint);
  }

  #checkAwaits(): void {
    if (this.awaitsCheckpoint) this.#options.onAwaitsCheckpoint?.();
  }

  get #slots(): readonly number[] {
    return this.#options.slots ?? Array.from({ length: this.#options.plan.slots }, (_, slot) => slot);
  }

  /** Whether the engine sees the whole of every loop, and so decides alone when one has ended. */
  get #seesAll(): boolean {
    return this.#slots.length === this.#options.plan.slots;
  }

  /**
   * Resolves when all tasks of this process have finished and closed.
   *
   * @throws {@link OperatorFailedError} the first one, when the rest is cancelled; {@link CancelledError}; or what broke a channel.
   */
  run(): Promise<void> {
    return (this.#running ??= this.#run());
  }

  async #run(): Promise<void> {
    const { signal } = this.#options;
    const onAbort = () => this.#fail(new CancelledError(signal?.reason));
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort, { once: true });
    const loops = Promise.all([this.#watchLoops(), this.#alignment.run(this.#abort.signal), this.#mark()]);
    try {
      await Promise.all(this.#tasks.map(({ task }) => this.#runTask(task)));
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#abort.abort(new CancelledError("the run has ended"));
      await loops;
    }
    if (this.#failure) throw this.#failure.error;
  }

  async #runTask(task: Task): Promise<void> {
    try {
      this.#abort.signal.throwIfAborted();
      await task.run();
    } catch (error) {
      task.state = this.#hasFailed(task, error) ? "failed" : "cancelled";
      this.#fail(error);
    }
    await this.#close(task);
    if (task.state === "running") task.state = "finished";
    this.#checkAwaits();
  }

  /** What ended one task is the reason why all others end: only that one has failed, and none where the run was cancelled. */
  #hasFailed({ chain }: Task, error: unknown): boolean {
    if (error instanceof CancelledError) return false;
    if (this.#failure === undefined) return true;
    return error === this.#failure.error && error instanceof OperatorFailedError && error.index === chain.index && chain.layout.nodes.some(({ plan }) => plan.id === error.nodeId);
  }

  async #close(task: Task): Promise<void> {
    const errors = await task.chain.close();
    await task.feed[Symbol.asyncDispose]?.().catch((error: unknown) => errors.push(error));
    for (const error of errors) {
      if (task.state === "running") task.state = "failed";
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#failure === undefined) {
      this.#failure = { error };
      this.#abort.abort(error);
    } else if (error !== this.#failure.error && error !== this.#abort.signal.reason) {
      this.#options.hooks.onLog({ operator: "", index: 0, level: "warn", message: `after the failure: ${messageOf(error)}`, fields: {} });
    }
  }

  /** Ends the run; resolves when every task has ended and every function is closed. */
  async cancel(reason: unknown = "cancelled"): Promise<void> {
    if (this.#failure === undefined) this.#fail(reason instanceof CancelledError ? reason : new CancelledError(reason));
    await this.run().catch(() => {}); // the caller of run() hears of it
  }

  metrics(): InstanceMetrics[] {
    return this.#tasks.flatMap(({ task }) => metricsOf(task, this.#checkpoints.stateBytes));
  }

  /** Names of the operators whose promises tasks wait for, when asked in a turn of its own. */
  awaited(): string[] {
    return this.#tasks.flatMap(({ task }) => (task.load?.isAwaiting ? (task.chain.place()?.name ?? []) : []));
  }

  /** Counts of every loop that has not ended, for whoever decides when it has. */
  loops(): LoopCount[] {
    return this.#options.plan.loops.filter(({ id }) => !this.#endedLoops.has(id)).map(({ id }) => {
      const members = this.#tasks.filter(({ loop }) => loop?.id === id);
      const sum = (of: (task: WiredTask) => number) => members.reduce((total, member) => total + of(member), 0);
      return {
        loopId: id,
        sent: sum(({ loopOutputs }) => loopOutputs.reduce((total, output) => total + output.sent, 0)) + sum(({ loopFeed }) => (loopFeed instanceof FutureFeed ? loopFeed.restored : 0)),
        processed: sum(({ loopFeed }) => loopFeed?.processed ?? 0),
        quiet: members.every(({ task, loopFeed }) => loopFeed?.quiet === true && !task.chain.busy),
      };
    });
  }

  /** Says that a loop is empty and will stay so: its tasks come to their end. */
  endLoop(loopId: string): void {
    this.#endedLoops.add(loopId);
    for (const { loop, loopFeed } of this.#tasks) if (loop?.id === loopId && loopFeed instanceof FutureFeed) loopFeed.endLoop();
  }

  #checkLoops(): void {
    if (!this.#seesAll) return;
    const sums = sumLoops([this.loops()]); // all of it at one moment: a second look would be the same
    for (const loopId of endedLoops(sums, sums)) this.endLoop(loopId);
  }

  /** Looks again and again: the last record of a loop may end inside an operator, where no task becomes idle. */
  async #watchLoops(): Promise<void> {
    const { signal } = this.#abort;
    while (this.#seesAll && !signal.aborted && this.#endedLoops.size < this.#options.plan.loops.length) {
      await this.#clock.sleep(loopCheckMs, signal).catch(() => {});
      if (!signal.aborted) this.#checkLoops();
    }
  }

  /** Cancels what still runs and closes every function. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#running) await this.cancel("closed");
    else {
      this.#abort.abort(new CancelledError("closed"));
      for (const { task } of this.#tasks) await this.#close(task);
    }
  }
}
