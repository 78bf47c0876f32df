// Back-pressure: lets in so many requests and bytes at once; the rest wait in order of arrival.

import { deferred, type Deferred } from "@sage/core";

interface Waiting {
  readonly bytes: number;
  readonly entered: Deferred<void>;
}

export class Gate {
  readonly #maxCount: number;
  readonly #maxBytes: number;
  #count = 0;
  #bytes = 0;
  #waiting: Waiting[] = [];

  constructor(maxCount: number, maxBytes: number) {
    this.#maxCount = maxCount;
    this.#maxBytes = maxBytes;
  }

  /** Enters at once and gives nothing, or gives the wait, which can be left by `leave`. */
  enter(bytes: number): { readonly entered: Promise<void>; leave(): void } | undefined {
    if (this.#waiting.length === 0 && this.#hasRoom(bytes)) {
      this.#admit(bytes);
      return undefined;
    }
    const waiting: Waiting = { bytes, entered: deferred() };
    this.#waiting.push(waiting);
    return {
      entered: waiting.entered.promise,
      leave: () => {
        const before = this.#waiting.length;
        this.#waiting = this.#waiting.filter((each) => each !== waiting);
        if (this.#waiting.length === before) this.exit(bytes); // it was let in meanwhile
        else this.#letIn();
      },
    };
  }

  exit(bytes: number): void {
    this.#count--;
    this.#bytes -= bytes;
    this.#letIn();
  }

  /** What is larger than the whole limit goes alone. */
  #hasRoom(bytes: number): boolean {
    return this.#count < this.#maxCount && (this.#bytes === 0 || this.#bytes + bytes <= this.#maxBytes);
  }

  #admit(bytes: number): void {
    this.#count++;
    this.#bytes += bytes;
  }

  #letIn(): void {
    while (this.#waiting.length > 0 && this.#hasRoom(this.#waiting[0]!.bytes)) {
      const { bytes, entered } = this.#waiting.shift()!;
      this.#admit(bytes);
      entered.resolve();
    }
  }
}
