// The faults of a run, all decided by its seed. Pure.
//
// Damaged checkpoints are not among them: falling back behind a checkpoint whose results are committed must write those
// again, whatever is done, so no ledger could be exact. recovery.integration.test.ts of the daemon damages them.

export type Fault =
  | "kill-worker" | "kill-all-workers" | "kill-daemon" | "kill-daemon-and-worker" | "burst-of-kills" | "freeze-worker"
  | "stop-and-continue" | "stop-now-and-continue" | "savepoint";

/** How often each comes, in parts. */
const weights: readonly (readonly [Fault, number])[] = [
  ["kill-worker", 5], ["kill-daemon", 4], ["kill-all-workers", 2], ["kill-daemon-and-worker", 2], ["stop-and-continue", 2],
  ["stop-now-and-continue", 1], ["savepoint", 1], ["freeze-worker", 1], ["burst-of-kills", 1],
];

export interface Step {
  readonly fault: Fault;
  /** So many more checkpoints are complete before it comes. */
  readonly afterCheckpoints: number;
  /** 0 to 1: which worker. */
  readonly choice: number;
}

/** Numbers from 0 to 1, the same for the same seed: mulberry32 (T. Ettinger). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Steps without an end. */
export function* stepsOf(seed: number): Generator<Step, never, undefined> {
  const random = randomOf(seed);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  for (;;) {
    let left = random() * total;
    const fault = (weights.find(([, weight]) => (left -= weight) < 0) ?? weights[0]!)[0];
    yield { fault, afterCheckpoints: Math.floor(random() * 4), choice: random() };
  }
}
