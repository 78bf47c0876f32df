// How far the groups of aligned sources are, over all workers of an attempt. Each report is answered with that.

import type { GroupTime } from "@sage/protocol";

export class AlignmentGroups {
  readonly #byWorker = new Map<number, readonly GroupTime[]>();

  /** What one worker's sources say replaces what they said before; returns the least of all workers for each of its groups. */
  report(workerIndex: number, groups: readonly GroupTime[]): GroupTime[] {
    this.#byWorker.set(workerIndex, groups);
    return groups.map(({ group }) => ({ group, timeMs: this.#least(group) }));
  }

  /** A worker that has finished is not waited for. */
  forget(workerIndex: number): void {
    this.#byWorker.delete(workerIndex);
  }

  #least(group: string): number {
    let least = Infinity;
    for (const groups of this.#byWorker.values()) for (const each of groups) if (each.group === group) least = Math.min(least, each.timeMs);
    return least;
  }
}
