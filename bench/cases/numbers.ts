// The plainest source: the numbers from 0, as fast as they are asked for.

import { BatchFunction } from "@sage/graph";

export class Numbers extends BatchFunction<number> {
  #next = 0;
  readonly #limit: number;
  constructor(limit: number) {
    super();
    this.#limit = limit;
  }
  execute(): number | null {
    return this.#next < this.#limit ? this.#next++ : null;
  }
}
