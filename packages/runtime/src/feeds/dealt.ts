// Which elements of an iterable have been processed, when instances took turns: element k belonged to instance
// k % parallelism, and each had processed so many of its own, in order. Pure.
//
// A change of parallelism begins another epoch: its instances take turns over what was left.

export interface DealtEpoch {
  readonly parallelism: number;
  /** Elements processed, by instance; -1: all of its share. */
  readonly taken: readonly number[];
}

/** Asked for the elements 0, 1, 2, … in this order. */
export class DealtReplay {
  readonly #epochs: readonly { readonly parallelism: number; readonly left: number[] }[];
  #next = 0;

  constructor(epochs: readonly DealtEpoch[]) {
    this.#epochs = epochs.map(({ parallelism, taken }) => ({ parallelism, left: taken.map((count) => (count < 0 ? Infinity : count)) }));
  }

  /** Whether the next element has been processed. */
  nextIsTaken(): boolean {
    const k = this.#next++;
    for (const { parallelism, left } of this.#epochs) {
      const owner = k % parallelism;
      if (left[owner]! > 0) {
        left[owner]!--;
        return true;
      }
    }
    return false;
  }
}

/** Adds what the instances of one more run have processed. */
export function withEpoch(epochs: readonly DealtEpoch[], next: DealtEpoch): readonly DealtEpoch[] {
  const last = epochs.at(-1);
  if (last?.parallelism !== next.parallelism) return [...epochs, next];
  const taken = next.taken.map((count, i) => (count < 0 || last.taken[i]! < 0 ? -1 : count + last.taken[i]!));
  return [...epochs.slice(0, -1), { parallelism: next.parallelism, taken }];
}
