// One parallel instance of a chain at work: feed → chain → outputs.
//
// Invariants:
//   T1. Records are processed in the order in which they come; only a promise interrupts, and the event loop's turn.
//   T2. The end goes out on every output, behind the last record, when the feed has ended and every operator is empty.
//   T3. A record that nothing follows leaves within a few milliseconds.
//   T4. A snapshot is taken between two records, when none is inside an operator; its barrier leaves behind the records
//       before it, and before those behind it. Every checkpoint gets one answer of every task, ended ones too.

import { runAt } from "./current-operator.ts";
import type { Chain, Entry } from "./chain.ts";
import type { Wait } from "./chain/scope.ts";
import type { Barrier } from "./checkpoint/barrier.ts";
import type { StatePart, Trigger } from "./checkpoint/state-part.ts";
import { deferred, type Deferred } from "@sage/core";
import type { Drive, Feed, Rest } from "./feeds/feed.ts";
import { Latency, preciseNowMs } from "./observe/latency.ts";
import type { TaskLoad } from "./observe/task-load.ts";
import type { Output } from "./outputs/output.ts";
import type { ChainTime } from "./time/chain-time.ts";

/** Gathered records leave at the latest after so long. */
const flushAfterMs = 5;
/** When the run is cancelled, a user's function that is at work has so long to come to its end, in milliseconds. */
const graceMs = 250;

/** A task's answer to a checkpoint. */
export interface TaskCut {
  readonly task: Task;
  readonly barrier: Barrier;
  /** Or what cannot be saved. */
  readonly parts: readonly StatePart[] | { readonly error: unknown };
  /** Had ended before. */
  readonly finished: boolean;
  /** The answer may be given on behind it. */
  readonly delivered: Promise<unknown>;
}

/** What a wait gives that a checkpoint has interrupted. */
const nudged = Symbol("nudged");

export type TaskState = "created" | "running" | "finished" | "failed" | "cancelled";

export interface TaskOptions {
  readonly chain: Chain;
  readonly feed: Feed;
  readonly outputs: readonly Output[];
  readonly signal: AbortSignal;
  /** Called when the task runs out of input. */
  readonly onIdle?: () => void;
  readonly onCut?: (cut: TaskCut) => void;
  /** The task is at its end, and its sinks have prepared what only a checkpoint may commit. */
  readonly onAwaits?: () => void;
  /** Whether nobody takes checkpoints: then sinks commit at the end. */
  readonly commitsAlone?: boolean;
  /** Takes what the task does with its time. */
  readonly load?: TaskLoad | undefined;
}

export class Task implements Drive {
  readonly chain: Chain;
  readonly feed: Feed;
  readonly outputs: readonly Output[];
  readonly signal: AbortSignal;
  readonly load: TaskLoad | undefined;
  readonly latency = new Latency();
  readonly #options: TaskOptions;
  readonly #onIdle: (() => void) | undefined;
  #due: Trigger | undefined;
  /** Checkpoints up to this one are answered, or given up. */
  #overUpTo = 0;
  #nudge: ((sign: typeof nudged) => void) | undefined;
  #halted: Deferred<void> | undefined;
  #phase: "working" | "finishing" | "ended" = "working";
  #committed: Deferred<void> | undefined;
  drained = false;
  /** What it read had come to its end before it was restored. */
  hasEnded = false;
  #timer: NodeJS.Timeout | undefined;
  #waiting = 0;
  #interrupt: ((reason: unknown) => void) | undefined;
  state: TaskState = "created";

  constructor(options: TaskOptions) {
    this.#options = options;
    this.chain = options.chain;
    this.feed = options.feed;
    this.outputs = options.outputs;
    this.signal = options.signal;
    this.load = options.load;
    if (!this.feed.injects) this.feed.onMarker = (atMs) => this.#onMarker(atMs);
    this.#onIdle = options.onIdle;
  }

  /** Resolves when the last record, and the end behind it, has left; rejects soon after the signal fires. */
  async run(): Promise<void> {
    this.state = "running";
    const onAbort = () => this.#onAbort();
    this.signal.addEventListener("abort", onAbort, { once: true });
    this.load?.start();
    try {
      await runAt(() => this.chain.place(), () => this.#run());
    } finally {
      this.load?.end();
      this.signal.removeEventListener("abort", onAbort);
    }
  }

  /** Cuts waits short: for input at once, amid work after the grace period. */
  #onAbort(): void {
    const { reason } = this.signal as { reason: unknown };
    if (this.#waiting > 0) setTimeout(() => this.#interrupt?.(reason), graceMs);
    else this.#interrupt?.(reason);
  }

  #interruptible<T>(wait: Promise<T>, nudges = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#interrupt = reject;
      if (nudges) this.#nudge = resolve as (sign: typeof nudged) => void;
      if (this.signal.aborted) this.#onAbort(); // by the user's code itself, just now
      wait.then(resolve, reject);
    });
  }

  async #run(): Promise<void> {
    try {
      this.chain.time?.start();
      if (!this.hasEnded || this.feed.drains === undefined) await this.feed.run(this);
      if (this.#due !== undefined) await this.#cut(this.#due);
      this.#phase = "finishing";
      await this.pending(this.chain.finish());
      if (this.chain.scope.failure !== undefined) throw this.chain.scope.failure;
      await this.pending(Promise.all(this.outputs.map((output) => output.end())));
      await this.feed.drain?.(this);
      await this.#end();
    } finally {
      this.chain.time?.jobs.end();
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#waiting = -1;
    }
  }

  work(batch: readonly unknown[], entry: Entry, from = 0, to = batch.length): Wait {
    const { scope } = this.chain;
    for (let i = from; i < to; ) {
      const next = Math.min(to, i + scope.slice.records);
      const wait = entry(batch, i, next);
      if (wait !== undefined) return this.#workOn(wait, batch, entry, to);
      i = next;
      const turn = this.breathe();
      if (turn === undefined) continue;
      scope.next = i;
      return this.#workOn(turn, batch, entry, to);
    }
    return undefined;
  }

  /** Goes on with a batch behind a wait, at `scope.next`. */
  async #workOn(first: Promise<void>, batch: readonly unknown[], entry: Entry, to: number): Promise<void> {
    const { scope } = this.chain;
    await this.pending(first);
    for (let i = scope.next; i < to; ) {
      if (this.#due !== undefined && this.feed.injects) {
        await this.#cut(this.#due, { batch, from: i, to });
        if (this.drained) return;
      }
      const overtaken = this.feed.takeDue?.();
      if (overtaken !== undefined) await this.snapshot(overtaken, { batch, from: i, to });
      const next = Math.min(to, i + scope.slice.records);
      const wait = entry(batch, i, next);
      if (wait !== undefined) await this.pending(wait);
      i = wait === undefined ? next : scope.next;
      const turn = this.breathe();
      if (turn !== undefined) await turn;
      this.signal.throwIfAborted();
    }
  }

  breathe(): Wait {
    const wait = this.chain.time?.onTurn();
    if (wait !== undefined) return this.#turnBehind(wait);
    if (this.chain.time?.isAhead === true) return this.#hold(this.chain.time);
    return this.chain.scope.slice.step() ? this.#turn() : undefined;
  }

  async #turnBehind(wait: Promise<void>): Promise<void> {
    await this.pending(wait);
    if (this.chain.scope.slice.step()) await this.#turn();
  }

  /** Rests until the other sources of the group have come on, or a snapshot is due, or it is to end. */
  async #hold(time: ChainTime): Promise<void> {
    while (time.isAhead && this.#due === undefined && !this.drained) {
      await this.#keepTime(time, time.aligned(), "idle", true);
      this.#nudge = undefined;
      this.signal.throwIfAborted();
    }
    this.chain.scope.slice.restart();
  }

  /** Waits for input, and runs meanwhile what operators do by the clock. */
  async #keepTime(time: ChainTime, wait: Promise<unknown>, how: "idle" | "pending", nudges: boolean): Promise<typeof nudged | undefined> {
    const paused = how === "idle" ? time.onPause() : undefined;
    if (paused !== undefined) await this.pending(paused);
    for (;;) {
      if (how === "idle") {
        this.flush();
        this.#onIdle?.();
      } else this.#armFlush();
      const isDue: unknown = await this.#rest(time.jobs.dueBefore(wait), nudges);
      if (isDue === nudged) return nudged;
      if (!isDue) return undefined;
      const work = time.jobs.run();
      if (work !== undefined) await this.pending(work);
    }
  }

  /** A wait for input. */
  async #rest<T>(wait: Promise<T>, nudges: boolean): Promise<T> {
    this.load?.rest();
    try {
      return await this.#interruptible(wait, nudges);
    } finally {
      this.load?.goOn();
    }
  }

  async #turn(): Promise<void> {
    this.flush();
    this.load?.yield();
    await this.chain.scope.slice.yield();
    this.load?.goOn();
    this.signal.throwIfAborted();
  }

  async pending<T>(wait: Promise<T>, nudges = false): Promise<T> {
    this.#armFlush();
    this.#waiting++;
    this.load?.wait();
    try {
      return await (nudges ? this.#rest(wait, nudges) : this.#interruptible(wait));
    } finally {
      this.#waiting--;
      this.load?.arrive();
      this.signal.throwIfAborted();
    }
  }

  async idle<T>(wait: Promise<T>, nudges = false): Promise<T> {
    const { time } = this.chain;
    if (time !== undefined && this.#halted === undefined && (await this.#keepTime(time, wait, "idle", nudges)) === nudged) return nudged as never;
    this.flush();
    if (this.chain.busy) this.#armFlush();
    this.#onIdle?.();
    const result = await this.#rest(wait, nudges);
    this.signal.throwIfAborted();
    return result;
  }

  async rest<T>(wait: Promise<T>, how: "idle" | "pending"): Promise<T | undefined> {
    for (;;) {
      const cut = this.cut();
      if (cut !== undefined) await cut;
      if (this.drained) {
        wait.catch(() => {}); // nobody waits for it any more
        return undefined;
      }
      const { time } = this.chain;
      const sign = time !== undefined && how === "pending" ? await this.#keepTime(time, wait, how, true) : undefined;
      const result: T | typeof nudged = sign ?? (await this[how](wait, true));
      this.#nudge = undefined;
      if (result !== nudged) return result;
    }
  }

  /** Sends a marker along, that was sent by a source at `atMs`. */
  mark(atMs: number): void {
    if (this.state === "running" && this.#phase === "working") for (const output of this.outputs) output.marker?.(atMs);
  }

  #onMarker(atMs: number): void {
    this.latency.add(atMs, preciseNowMs());
    this.mark(atMs);
  }

  /** Asks for a snapshot. */
  trigger(trigger: Trigger): void {
    if (trigger.checkpointId <= this.#overUpTo) return;
    this.#due = trigger;
    if (!this.feed.injects) this.feed.begun?.(trigger);
    if (this.#phase === "ended") this.#answerEnded(trigger);
    else this.#nudge?.(nudged);
  }

  /** A checkpoint, and all before it, was given up: what waits for it goes on. */
  giveUp(checkpointId: number): void {
    if (this.#due !== undefined && this.#due.checkpointId <= checkpointId) this.#due = undefined;
    this.#overUpTo = Math.max(this.#overUpTo, checkpointId);
    this.feed.over?.(checkpointId);
    this.#halted?.resolve();
  }

  /** Ends a source as if it had no more records. */
  drain(): void {
    if (this.feed.drains === undefined) return;
    this.drained = true;
    this.#halted?.resolve();
    this.#nudge?.(nudged);
  }

  /** A checkpoint, and all before it, is complete. */
  async commit(checkpointId: number): Promise<void> {
    await this.chain.states.commit(checkpointId);
    if (this.chain.states.isClean) this.#committed?.resolve();
  }

  cut(): Wait {
    return this.#due === undefined ? undefined : this.#cut(this.#due);
  }

  /** T4 */
  async #cut(trigger: Trigger, rest?: Rest): Promise<void> {
    await this.snapshot(trigger, rest);
    if (trigger.drain && this.feed.drains) this.drained = true;
    if (!trigger.halt || this.#overUpTo > trigger.checkpointId) return;
    this.#halted = deferred();
    await this.idle(this.#halted.promise);
    this.#halted = undefined;
  }

  async snapshot(barrier: Barrier, rest?: Rest): Promise<void> {
    const { checkpointId, savepoint } = barrier;
    if (this.#due !== undefined && this.#due.checkpointId <= checkpointId) this.#due = undefined;
    if (checkpointId <= this.#overUpTo) return;
    this.#overUpTo = checkpointId;
    this.feed.over?.(checkpointId - 1);
    const { states } = this.chain;
    if (this.chain.busy) await this.pending(this.chain.emptied());
    if (states.isTransactional) await this.pending(states.prepare(barrier, (error, at) => this.chain.scope.fail(error, at, 0, " while it prepared a commit")));
    const parts = await this.#parts(barrier, rest);
    for (const output of this.outputs) output.event({ kind: "barrier", checkpointId, savepoint });
    const delivered = Promise.all(this.outputs.map((output) => output.delivered?.() ?? Promise.resolve()));
    delivered.catch(() => {}); // the output's owner hears of it
    this.#options.onCut?.({ task: this, barrier, parts, finished: false, delivered });
  }

  async #parts(barrier: Barrier, rest: Rest | undefined): Promise<TaskCut["parts"]> {
    try {
      const own = await this.feed.snapshot?.(barrier, rest);
      return [...(own ?? []), ...(await this.chain.states.take(barrier))];
    } catch (error) {
      return { error };
    }
  }

  /** Behind the last record and the end: waits until the sinks have committed. */
  async #end(): Promise<void> {
    const { states, scope } = this.chain;
    if (states.isTransactional) {
      const last = { checkpointId: this.#overUpTo + 1, savepoint: false };
      await this.pending(states.prepare(last, (error, at) => scope.fail(error, at, 0, " while it prepared a commit")));
      if (this.#options.commitsAlone) await this.pending(states.commit(Infinity));
    }
    this.#phase = "ended";
    if (this.#due !== undefined) this.#answerEnded(this.#due);
    if (states.isClean) return;
    this.#committed = deferred();
    this.#options.onAwaits?.();
    await this.idle(this.#committed.promise);
  }

  /** Whether it waits for a checkpoint, to end. */
  get awaitsCheckpoint(): boolean {
    return this.#phase === "ended" && !this.chain.states.isClean;
  }

  #answerEnded(trigger: Trigger): void {
    this.#due = undefined;
    this.#overUpTo = trigger.checkpointId;
    this.#options.onCut?.({ task: this, barrier: trigger, parts: this.chain.states.prepared(), finished: true, delivered: Promise.resolve() });
  }

  /** Sends what has gathered in the outputs. */
  flush(): void {
    for (const output of this.outputs) output.flush();
  }

  /** Sees to it that records leave while the task waits. */
  #armFlush(): void {
    if (this.#timer !== undefined || this.outputs.length === 0 || this.#waiting < 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      try {
        this.flush();
      } catch (error) {
        this.chain.scope.abort(error);
      }
      if (this.#waiting > 0 || this.chain.busy) this.#armFlush();
    }, flushAfterMs);
  }
}
