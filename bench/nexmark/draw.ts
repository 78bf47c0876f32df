// Numbers drawn for one event: the same for the same seed and number of the event, whoever asks.

const golden = 0x9e3779b9;

export class Draw {
  #state: number;

  constructor(seed: number, n: number) {
    // Both halves of n, so that long streams do not come again.
    this.#state = mixed(mixed(Math.imul(seed, golden) ^ (n | 0)) + Math.imul(Math.floor(n / 2 ** 32) + 1, golden));
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** From 0 to less than 1. */
  fraction(): number {
    this.#state = (this.#state + golden) | 0;
    return (mixed(this.#state) >>> 0) / 2 ** 32;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** Small letters. */
  word(length: number): string {
    let text = "";
    for (let k = 0; k < length; k++) text += String.fromCharCode(97 + this.below(26));
    return text;
  }
}

/** Spreads every bit over all: the finalizer of A. Appleby's MurmurHash3, 32 bits. */
function mixed(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
