// What the operators of a task do by the clock: jobs that run between records, never amid one.
//
// Invariants:
//   J1. Jobs run one after the other, in the order they came due, and no record is in work meanwhile.
//   J2. When the task ends, jobs that wait are forgotten.

import type { Clock } from "@sage/core";
import type { Wait } from "../chain/scope.ts";

/** A job that waits for its time. */
export interface TimeJob {
  cancel(): void;
}

/** The longest wait that a timer of Node takes. */
const longestMs = 2 ** 31 - 1;

export class TaskTime {
  readonly #clock: Clock;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #due: (() => Wait)[] = [];
  #isOver = false;
  #onDue: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The machine's clock, in milliseconds since the epoch. */
  nowMs(): number {
    return this.#clock.now();
  }

  get isDue(): boolean {
    return this.#due.length > 0;
  }

  /** Runs a job after `ms`, as soon as no record is in work. */
  after(ms: number, job: () => Wait): TimeJob {
    if (this.#isOver) return { cancel: () => {} };
    let isCancelled = false;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (isCancelled || this.#isOver) return;
      this.#due.push(() => (isCancelled ? undefined : job()));
      this.#onDue?.();
    }, Math.min(longestMs, Math.max(0, Math.ceil(ms))));
    this.#timers.add(timer);
    return {
      cancel: () => {
        isCancelled = true;
        clearTimeout(timer);
        this.#timers.delete(timer);
      },
    };
  }

  /** Resolves to true when a job comes due, to false when `wait` settles first. */
  dueBefore(wait: Promise<unknown>): Promise<boolean> {
    if (this.isDue) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.#onDue = () => resolve(true);
      wait.then(() => resolve(false), () => resolve(false));
    });
  }

  /** Runs what is due. */
  run(): Wait {
    for (let job = this.#due.shift(); job !== undefined; job = this.#due.shift()) {
      const wait = job();
      if (wait !== undefined) return wait.then(() => this.run());
    }
    return undefined;
  }

  end(): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#due.length = 0;
  }
}
