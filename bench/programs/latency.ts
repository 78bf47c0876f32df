// Records at a steady pace over one exchange between two workers: how long each took from when it was due to the sink.
//
//   sage run bench/programs/latency.ts --param rate=10000 --param seconds=5

import { environment, SinkFunction, SourceFunction, type FunctionContext } from "@sage/pipeline";

const env = environment("latency", { parallelism: 2 });
const rate = Number(env.params["rate"] ?? 10_000);
const seconds = Number(env.params["seconds"] ?? 5);

/** Milliseconds of the clock that all processes of a machine share. */
const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

class PacedSource extends SourceFunction<number> {
  #startedMs = 0;
  #given = 0;
  #isIt = false;

  override open(ctx: FunctionContext): void {
    this.#isIt = ctx.parallelIndex === 0;
  }

  override execute(): number | null | typeof SourceFunction.IDLE {
    const now = nowMs();
    if (this.#startedMs === 0) this.#startedMs = now;
    if (!this.#isIt || this.#given >= rate * seconds) return null;
    const dueMs = this.#startedMs + (this.#given * 1_000) / rate;
    if (dueMs > now) return SourceFunction.IDLE;
    this.#given++;
    return dueMs;
  }
}

class LatencySink extends SinkFunction<number> {
  readonly #took: number[] = [];
  #index = 0;

  override open(ctx: FunctionContext): void {
    this.#index = ctx.parallelIndex;
  }

  override execute(dueMs: number): void {
    this.#took.push(nowMs() - dueMs);
  }

  override close(): void {
    const warm = this.#took.slice(this.#took.length >> 2).sort((a, b) => a - b);
    const at = (part: number) => warm[Math.floor(warm.length * part)];
    if (this.#index === 1) console.log(JSON.stringify({ records: this.#took.length, p50: at(0.5), p99: at(0.99), max: warm.at(-1) })); // the other worker
  }
}

env.fromSource(PacedSource).rebalance().sink(LatencySink);
await env.submit({ autostop: true });
