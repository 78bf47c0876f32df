// The records of one collect() between the job and the program that reads them.
//
// Invariants:
//   B1. A batch is kept until it is read; what is over the limit makes the job wait.
//   B2. There is one reader. When it leaves early, everything that is left or still comes is let go of.
//   B3. An error comes behind the records that came before it.

import { deferred, type Deferred } from "@sage/core";
import { AlreadyReadError, type Submission } from "@sage/graph";
import type { Plan } from "@sage/protocol/records";

export const defaultBufferBytes = 64 * 1024 * 1024;

export class ResultBuffer implements AsyncIterable<readonly unknown[]> {
  readonly #name: string;
  readonly #limitBytes: number;
  readonly #waiting: { readonly records: readonly unknown[]; readonly sizeBytes: number }[] = [];
  #bytes = 0;
  #end: { readonly error?: unknown } | undefined;
  #reader: "none" | "reading" | "left" = "none";
  #news: Deferred<void> | undefined;
  #room: Deferred<void> | undefined;
  #onFull = deferred();
  readonly #unread = deferred();

  /** @param name - of the operator, for messages. */
  constructor(name: string, limitBytes: number = defaultBufferBytes) {
    this.#name = name;
    this.#limitBytes = limitBytes;
  }

  get name(): string {
    return this.#name;
  }

  get limitBytes(): number {
    return this.#limitBytes;
  }

  /** Whether the job waits for the reader. */
  get isFull(): boolean {
    return this.#room !== undefined;
  }

  /** Resolves when the job has to wait for the reader; at once if it does. */
  whenFull(): Promise<void> {
    return this.#room ? Promise.resolve() : this.#onFull.promise;
  }

  /** Resolves when the job has to wait and nobody has begun to read; never once somebody has. */
  async whenStuck(): Promise<void> {
    await this.#unread.promise;
    await new Promise((resolve) => setImmediate(resolve)); // who is about to read may do so
    if (this.#reader !== "none") await new Promise(() => {});
  }

  /** Takes a batch; a promise means: no more before it resolves. */
  push(records: readonly unknown[], sizeBytes: number): Promise<void> | undefined {
    if (this.#reader === "left" || this.#end || records.length === 0) return undefined;
    this.#waiting.push({ records, sizeBytes });
    this.#bytes += sizeBytes;
    this.#tell();
    if (this.#bytes <= this.#limitBytes) return undefined;
    this.#room ??= deferred();
    this.#onFull.resolve();
    if (this.#reader === "none") this.#unread.resolve();
    return this.#room.promise;
  }

  /** Says that no more comes, and why if it should have. The first call counts; what is pushed later is dropped. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#release();
    this.#tell();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly unknown[], void, undefined> {
    if (this.#reader !== "none") throw new AlreadyReadError(this.#name);
    this.#reader = "reading";
    try {
      for (;;) {
        const batch = this.#waiting.shift();
        if (batch) {
          this.#bytes -= batch.sizeBytes;
          if (this.#bytes <= this.#limitBytes) this.#release();
          yield batch.records;
        } else if (this.#end) {
          if ("error" in this.#end) throw this.#end.error;
          return;
        } else {
          this.#news = deferred();
          await this.#news.promise;
        }
      }
    } finally {
      this.#reader = "left";
      this.#waiting.length = 0;
      this.#bytes = 0;
      this.#release();
    }
  }

  #tell(): void {
    this.#news?.resolve();
    this.#news = undefined;
  }

  #release(): void {
    if (!this.#room) return;
    this.#room.resolve();
    this.#room = undefined;
    this.#onFull = deferred();
  }
}

/** A buffer for each collect() of a submission, by node id, which its caller's end now reads from. */
export function attachBuffers({ collects, options }: Submission, plan: Plan): ReadonlyMap<string, ResultBuffer> {
  const names = new Map(plan.nodes.map(({ id, name }) => [id, name]));
  return new Map(collects.map((feed) => {
    const buffer = new ResultBuffer(names.get(feed.nodeId) ?? feed.nodeId, options.collectBufferBytes);
    feed.attach(buffer);
    return [feed.nodeId, buffer] as const;
  }));
}
