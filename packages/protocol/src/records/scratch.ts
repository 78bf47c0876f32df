// Typed arrays that hold one column between its two passes, taken and given back like a stack, since columns nest.

const largestKept = 65_536;

type Numbers = Float64Array | Int32Array;

export class Scratch<T extends Numbers> {
  readonly #make: (length: number) => T;
  readonly #kept: T[] = [];
  /** How many are taken. Whoever takes puts it back to what it was, also after an error. */
  top = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
  }

  /** An array of at least `length` numbers with anything in it. */
  take(length: number): T {
    if (length > largestKept) return this.#make(length);
    const index = this.top++;
    const kept = this.#kept[index];
    if (kept !== undefined && kept.length >= length) return kept;
    return (this.#kept[index] = this.#make(Math.max(1024, 2 ** Math.ceil(Math.log2(length)))));
  }
}

export const doubles = new Scratch((length) => new Float64Array(length));
export const integers = new Scratch((length) => new Int32Array(length));
