// When a feedback loop is empty, decided from what its workers have counted, twice.
// Source: F. Mattern, "Algorithms for distributed termination detection", Distributed Computing 2, 1987 (four counters).

import type { LoopCount } from "@sage/protocol";

/** What one round has learnt of one loop, over all workers. */
interface LoopSum {
  readonly sent: number;
  readonly processed: number;
  /** Whether on every worker the inputs from outside had ended and nobody was busy. */
  readonly quiet: boolean;
}

export type LoopSums = ReadonlyMap<string, LoopSum>;

/** @param reports - one list for each worker of the job. */
export function sumLoops(reports: Iterable<readonly LoopCount[]>): LoopSums {
  const sums = new Map<string, LoopSum>();
  for (const counts of reports) {
    for (const { loopId, sent, processed, quiet } of counts) {
      const sum = sums.get(loopId) ?? { sent: 0, processed: 0, quiet: true };
      sums.set(loopId, { sent: sum.sent + sent, processed: sum.processed + processed, quiet: sum.quiet && quiet });
    }
  }
  return sums;
}

/**
 * The loops which are empty for good: two rounds, the second begun after the first had all its answers, saw everybody
 * quiet and the same sums, with as many records processed as sent.
 */
export function endedLoops(earlier: LoopSums, later: LoopSums): readonly string[] {
  return [...later].filter(([loopId, now]) => {
    const before = earlier.get(loopId);
    return before !== undefined && isBalanced(before) && isBalanced(now) && before.sent === now.sent;
  }).map(([loopId]) => loopId);
}

const isBalanced = ({ sent, processed, quiet }: LoopSum): boolean => quiet && sent === processed;
