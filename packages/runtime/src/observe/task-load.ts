// What a task does with its time, as Flink counts it: busy, back-pressured or idle; the three make up the time it runs.
//
// Invariants:
//   L1. Idle is a wait for input; back-pressured is a wait while something behind the task takes no more; all else is
//       busy, also a wait for a user's promise, and for the event loop while other tasks of the process have it ("turn").
//   L2. The clock is read where a task begins or ends to wait, never for a record.

/** Milliseconds, or milliseconds per second. */
export interface LoadTimes {
  readonly busy: number;
  readonly backPressured: number;
  readonly idle: number;
  /** Part of busy: other tasks of the process had their turn. */
  readonly turn: number;
}

export interface LoadReport {
  /** Since the task began, in milliseconds. */
  readonly total: LoadTimes;
  /** Of the last second or so, in milliseconds per second; all 0 when the task does not run. */
  readonly perSecond: LoadTimes;
}

const busy = 0;
const backPressured = 1;
const idle = 2;
const turn = 3;

const none: LoadTimes = { busy: 0, backPressured: 0, idle: 0, turn: 0 };
/** Rates are of at least so many milliseconds. */
const shortestMs = 900;

export class TaskLoad {
  readonly #ms = new Float64Array(4);
  /** -1: it does not run. */
  #mode = -1;
  #sinceMs = 0;
  #pending = 0;
  #blocked = 0;
  #last: { readonly atMs: number; readonly total: LoadTimes } | undefined;
  #perSecond = none;

  start(): void {
    this.#sinceMs = performance.now();
    this.#last = { atMs: this.#sinceMs, total: none };
    this.#mode = busy;
  }

  end(): void {
    this.#to(-1);
  }

  /** It waits for input, until `goOn`. */
  rest(): void {
    if (this.#mode >= 0) this.#to(idle);
  }

  /** It waits for its turn, until `goOn`. */
  yield(): void {
    if (this.#mode >= 0) this.#to(turn);
  }

  goOn(): void {
    if (this.#mode >= 0) this.#to(this.#amidWork());
  }

  /** It waits amid work, until `arrive`. */
  wait(): void {
    this.#pending++;
    if (this.#blocked > 0) this.#look();
  }

  arrive(): void {
    this.#pending--;
    if (this.#mode === backPressured) this.#look();
  }

  /** Something behind the task takes no more, until `unblock`. */
  block(): void {
    this.#blocked++;
    this.#look();
  }

  unblock(): void {
    this.#blocked--;
    this.#look();
  }

  #amidWork(): number {
    return this.#pending > 0 && this.#blocked > 0 ? backPressured : busy;
  }

  #look(): void {
    if ((this.#mode === busy || this.#mode === backPressured) && this.#amidWork() !== this.#mode) this.#to(this.#amidWork());
  }

  #to(mode: number): void {
    const nowMs = performance.now();
    if (this.#mode >= 0) this.#ms[this.#mode]! += nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
    this.#mode = mode;
  }

  /** Whether, where nothing runs just now, it is amid work: it waits for a promise of its operators'. */
  get isAwaiting(): boolean {
    return this.#mode === busy;
  }

  report(): LoadReport {
    if (this.#mode >= 0) this.#to(this.#mode); // counts what runs
    const ms = this.#ms;
    const total = { busy: ms[busy]! + ms[turn]!, backPressured: ms[backPressured]!, idle: ms[idle]!, turn: ms[turn]! };
    if (this.#mode < 0) return { total, perSecond: none };
    const passedMs = this.#sinceMs - this.#last!.atMs;
    if (passedMs >= shortestMs || (this.#perSecond === none && passedMs > 0)) {
      this.#perSecond = ratesOf(this.#last!.total, total, passedMs);
      if (passedMs >= shortestMs) this.#last = { atMs: this.#sinceMs, total };
    }
    return { total, perSecond: this.#perSecond };
  }
}

function ratesOf(before: LoadTimes, now: LoadTimes, passedMs: number): LoadTimes {
  const rate = (field: keyof LoadTimes) => Math.round(((now[field] - before[field]) * 1_000) / passedMs);
  return { busy: rate("busy"), backPressured: rate("backPressured"), idle: rate("idle"), turn: rate("turn") };
}
