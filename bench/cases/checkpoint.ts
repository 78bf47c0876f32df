// The price of checkpoints: a keyed count with one each second beside the same without; and how long the event loop
// stands still while a large keyed state is saved.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../packages/core/src/index.ts";
import { BatchFunction, PipelineBuilder, compile } from "@sage/graph";
import { LocalCheckpoints, openInProcess } from "@sage/runtime";
import { median, type CaseResult } from "./results.ts";

class Keys extends BatchFunction<{ key: number }> {
  next = 0;
  readonly limit: number;
  readonly keys: number;
  constructor(limit: number, keys: number) {
    super();
    this.limit = limit;
    this.keys = keys;
  }
  execute(): { key: number } | null {
    return this.next < this.limit ? { key: (Math.imul(this.next++, 0x9e3779b1) >>> 0) % this.keys } : null;
  }
}

interface Measurement {
  readonly seconds: number;
  readonly sum: number;
  readonly checkpoints: number;
  readonly longestPauseMs: number;
}

/** Called in a fresh process. */
export async function measure(records: number, keys: number, intervalMs: number): Promise<Measurement> {
  const dir = await mkdtemp(join(tmpdir(), "sage-bench-"));
  let sum = 0;
  const env = new PipelineBuilder("keyed count");
  env.fromBatch(Keys, records, keys).keyBy((record) => record.key)
    .aggregate({ init: () => 0, add: (count) => count + 1, result: (count) => count }).sink((count) => { sum += count; });
  const graph = env.graph();
  const delays = monitorEventLoopDelay({ resolution: 1 });
  try {
    const warnings: string[] = [];
    const checkpoints = intervalMs === 0 ? undefined : await LocalCheckpoints.open({ dir, intervalMs }, compile(graph), systemClock, (text) => warnings.push(text));
    let taken = 0;
    const engine = await openInProcess(graph, checkpoints?.engineOptions ?? {});
    await using _ = engine;
    const commit = engine.commitCheckpoint.bind(engine);
    engine.commitCheckpoint = (id) => { taken++; return commit(id); };
    delays.enable();
    const started = performance.now();
    await (checkpoints ? checkpoints.run(engine) : engine.run());
    const seconds = (performance.now() - started) / 1_000;
    delays.disable();
    if (warnings.length > 0) throw new Error(warnings[0]);
    return { seconds, sum, checkpoints: taken, longestPauseMs: delays.max / 1e6 };
  } finally {
    await rm(dir, { recursive: true });
  }
}

function inFreshProcess(...args: readonly number[]): Promise<Measurement> {
  const module = JSON.stringify(fileURLToPath(import.meta.url));
  const script = `import(${module}).then((m) => m.measure(${args.join(", ")})).then((r) => { process.stdout.write(JSON.stringify(r)); process.exit(0); }, (e) => { console.error(e); process.exit(1); })`;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["-e", script], { maxBuffer: 1 << 20 }, (error, stdout, stderr) => (error ? reject(new Error(stderr)) : resolve(JSON.parse(stdout) as Measurement)));
  });
}

const rounds = 5;

async function compared(name: string, records: number, keys: number): Promise<CaseResult[]> {
  const runs: { with: Measurement[]; without: Measurement[] } = { with: [], without: [] };
  for (let round = 0; round < rounds; round++) {
    runs.without.push(await inFreshProcess(records, keys, 0));
    runs.with.push(await inFreshProcess(records, keys, 1_000));
    if (runs.with.at(-1)!.sum !== runs.without.at(-1)!.sum) throw new Error("the sums differ");
    if (runs.with.at(-1)!.checkpoints < 2) throw new Error("too short: fewer than two checkpoints");
  }
  const rate = (all: readonly Measurement[]) => records / median(all.map(({ seconds }) => seconds));
  const pause = (all: readonly Measurement[]) => median(all.map(({ longestPauseMs }) => longestPauseMs));
  return [
    { case: `checkpoint each second: ${name}`, value: rate(runs.with), unit: "records/s", peer: "without", peerValue: rate(runs.without) },
    { case: `longest pause: ${name}`, value: pause(runs.with), unit: "ms", peer: "the limit set for it", peerValue: 100 },
  ];
}

export async function keyedCountCheckpointCase(): Promise<CaseResult[]> {
  return compared("1,000 keys", 40_000_000, 1_000);
}

export async function largeStateCheckpointCase(): Promise<CaseResult[]> {
  return compared("1,000,000 keys", 15_000_000, 1_000_000);
}
