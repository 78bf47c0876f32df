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
  readonly #waiting = new Set<AbortController>();
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

  /** Runs a job after `ms`, as soon as no record is in work; a wait of weeks may end early. */
  after(ms: number, job: () => Wait): TimeJob {
    const waiting = new AbortController();
    const cancel = () => {
      this.#waiting.delete(waiting);
      waiting.abort();
    };
    if (this.#isOver) return { cancel };
    this.#waiting.add(waiting);
    const due = () => {
      this.#waiting.delete(waiting);
      this.#due.push(() => (waiting.signal.aborted ? undefined : job()));
      this.#onDue?.();
    };
    this.#clock.sleep(Math.min(longestMs, Math.max(0, Math.ceil(ms))), waiting.signal).then(due, () => {}); // it was cancelled
    return { cancel };
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
    for (const waiting of this.#waiting) waiting.abort();
    this.#waiting.clear();
    this.#due.length = 0;
  }
}
