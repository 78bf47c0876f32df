// How long it is from a source to here: markers that sources send along among their records now and then, which pass
// operators by and wait in the same queues (as Flink's latency markers do). Clocks of two hosts may differ.

/** Every source sends a marker so often, in milliseconds. */
export const markEveryMs = 500;

const mostSamples = 512;
const keptMs = 60_000;

export interface LatencyReport {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Markers of the last minute; never 0. */
  readonly samples: number;
}

/** Milliseconds since the epoch, with their fractions. */
export const preciseNowMs = (): number => performance.timeOrigin + performance.now();

export class Latency {
  readonly #samples: { readonly atMs: number; readonly tookMs: number }[] = [];

  add(sentAtMs: number, nowMs: number): void {
    if (this.#samples.push({ atMs: nowMs, tookMs: Math.max(0, nowMs - sentAtMs) }) > mostSamples) this.#samples.shift();
  }

  /** Undefined: none came in the last minute. */
  report(nowMs: number): LatencyReport | undefined {
    const took = this.#samples.filter(({ atMs }) => nowMs - atMs <= keptMs).map(({ tookMs }) => tookMs).sort((a, b) => a - b);
    if (took.length === 0) return undefined;
    const at = (part: number) => took[Math.min(took.length - 1, Math.floor(took.length * part))]!;
    return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: took.at(-1)!, samples: took.length };
  }
}
