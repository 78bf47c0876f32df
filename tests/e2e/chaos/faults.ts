// The faults of a run, all decided by its seed. Pure.
//
// Damaged checkpoints are not among them: falling back behind a checkpoint whose results are committed must write those
// again, whatever is done, so no ledger could be exact. recovery.integration.test.ts of the daemon damages them.

export type Fault =
  | "kill-worker" | "kill-all-workers" | "kill-daemon" | "kill-daemon-and-worker" | "burst-of-kills" | "kill-in-recovery"
  | "freeze-worker" | "pause-worker" | "stop-and-continue" | "stop-now-and-continue" | "savepoint"
  /** Between workers, of jobs that have several: closed, or silent without being closed. */
  | "cut-data" | "stall-data";

/** How often each comes, in parts. */
const allWeights: readonly (readonly [Fault, number])[] = [
  ["kill-worker", 5], ["kill-daemon", 4], ["kill-all-workers", 2], ["kill-daemon-and-worker", 2], ["stop-and-continue", 2],
  ["stop-now-and-continue", 1], ["savepoint", 1], ["freeze-worker", 1], ["pause-worker", 1], ["burst-of-kills", 1], ["kill-in-recovery", 2],
  ["cut-data", 2], ["stall-data", 1],
];
const ofData: ReadonlySet<Fault> = new Set(["cut-data", "stall-data"]);

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

/** Steps without an end. @param hasPeers - whether there are connections between workers. */
export function* stepsOf(seed: number, hasPeers: boolean): Generator<Step, never, undefined> {
  const random = randomOf(seed);
  const weights = allWeights.filter(([fault]) => hasPeers || !ofData.has(fault));
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  for (;;) {
    let left = random() * total;
    const fault = (weights.find(([, weight]) => (left -= weight) < 0) ?? weights[0]!)[0];
    yield { fault, afterCheckpoints: Math.floor(random() * 4), choice: random() };
  }
}
