// Counts by 1,000 keys without end, up to 2,000 numbers a second of each source; every instance of the sink notes when it was reached.
//
// out: the notes, a file for each instance: milliseconds since the epoch, a line each, at most one in 5 ms
import { closeSync, openSync, writeSync } from "node:fs";
import { pipeline, SinkFunction, SourceFunction } from "@sage/pipeline";

export class Numbers extends SourceFunction<number> {
  next = 0;
  async execute(): Promise<number> {
    if (this.next % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    return this.next++;
  }
}

export class Notes extends SinkFunction<number> {
  static override readonly snapshotFields = [];
  readonly #out: string;
  #file = 0;
  #lastMs = 0;

  constructor(out: string) {
    super();
    this.#out = out;
  }

  override open(): void {
    this.#file = openSync(`${this.#out}-${this.ctx.parallelIndex}`, "a");
  }

  execute(): void {
    const nowMs = Date.now();
    if (nowMs - this.#lastMs < 5) return;
    this.#lastMs = nowMs;
    writeSync(this.#file, `${nowMs}\n`);
  }

  override close(): void {
    closeSync(this.#file);
  }
}

export default pipeline("steady", (env) => {
  env.fromSource(Numbers).keyBy((n) => n % 1_000)
    .aggregate({ init: () => 0, add: (count) => count + 1, result: (count) => count }).sink(Notes, String(env.params["out"]));
});
