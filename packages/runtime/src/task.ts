// One parallel instance of a chain at work: feed → chain → outputs.
//
// Invariants:
//   T1. Records are processed in the order in which they come; only a promise interrupts, and the event loop's turn.
//   T2. The end goes out on every output, behind the last record, when the feed has ended and every operator is empty.
//   T3. A record that nothing follows leaves within a few milliseconds.

import { runAt } from "./current-operator.ts";
import type { Chain, Entry } from "./chain.ts";
import type { Wait } from "./chain/scope.ts";
import type { Drive, Feed } from "./feeds/feed.ts";
import type { Output } from "./outputs/output.ts";

/** Gathered records leave at the latest after so long. */
const flushAfterMs = 5;
/** When the run is cancelled, a user's function that is at work has so long to come to its end, in milliseconds. */
const graceMs = 250;

export type TaskState = "created" | "running" | "finished" | "failed" | "cancelled";

export interface TaskOptions {
  readonly chain: Chain;
  readonly feed: Feed;
  readonly outputs: readonly Output[];
  readonly signal: AbortSignal;
  /** Called when the task runs out of input. */
  readonly onIdle?: () => void;
}

export class Task implements Drive {
  readonly chain: Chain;
  readonly feed: Feed;
  readonly outputs: readonly Output[];
  readonly signal: AbortSignal;
  readonly #onIdle: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waiting = 0;
  #interrupt: ((reason: unknown) => void) | undefined;
  state: TaskState = "created";

  constructor(options: TaskOptions) {
    this.chain = options.chain;
    this.feed = options.feed;
    this.outputs = options.outputs;
    this.signal = options.signal;
    this.#onIdle = options.onIdle;
  }

  /** Resolves when the last record, and the end behind it, has left; rejects soon after the signal fires. */
  async run(): Promise<void> {
    this.state = "running";
    const onAbort = () => this.#onAbort();
    this.signal.addEventListener("abort", onAbort, { once: true });
    try {
      await runAt(() => this.chain.place(), () => this.#run());
    } finally {
      this.signal.removeEventListener("abort", onAbort);
    }
  }

  /** Cuts waits short: for input at once, amid work after the grace period. */
  #onAbort(): void {
    const { reason } = this.signal as { reason: unknown };
    if (this.#waiting > 0) setTimeout(() => this.#interrupt?.(reason), graceMs);
    else this.#interrupt?.(reason);
  }

  #interruptible<T>(wait: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#interrupt = reject;
      if (this.signal.aborted) this.#onAbort(); // by the user's code itself, just now
      wait.then(resolve, reject);
    });
  }

  async #run(): Promise<void> {
    try {
      await this.feed.run(this);
      await this.pending(this.chain.finish());
      if (this.chain.scope.failure !== undefined) throw this.chain.scope.failure;
      await this.pending(Promise.all(this.outputs.map((output) => output.end())));
      await this.feed.drain?.(this);
    } finally {
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
    return this.chain.scope.slice.step() ? this.#turn() : undefined;
  }

  async #turn(): Promise<void> {
    this.flush();
    await this.chain.scope.slice.yield();
    this.signal.throwIfAborted();
  }

  async pending<T>(wait: Promise<T>): Promise<T> {
    this.#armFlush();
    this.#waiting++;
    try {
      return await this.#interruptible(wait);
    } finally {
      this.#waiting--;
      this.signal.throwIfAborted();
    }
  }

  async idle<T>(wait: Promise<T>): Promise<T> {
    this.flush();
    if (this.chain.busy) this.#armFlush();
    this.#onIdle?.();
    const result = await this.#interruptible(wait);
    this.signal.throwIfAborted();
    return result;
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
