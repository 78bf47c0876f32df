// What checkpoints of a large state write when little of it has changed: a million keys, of which one in a hundred, taken
// at random, is changed between two checkpoints. Beside it, what the first one wrote: everything.

import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deferred, systemClock } from "../../packages/core/src/index.ts";
import { compile, PipelineBuilder, SourceFunction } from "@sage/graph";
import { LocalCheckpoints, openInProcess } from "@sage/runtime";
import type { CaseResult } from "./results.ts";

const keys = 1_000_000;
const changed = keys / 100;
const checkpoints = 20;
const intervalMs = 86_400_000; // never, but when it is told to

/** Every key once, then as many random ones as it is told to. */
class Keys extends SourceFunction<number> {
  static upTo = keys;
  next = 0;
  execute() {
    if (this.next >= Keys.upTo) return SourceFunction.IDLE;
    const n = this.next++;
    return n < keys ? n : (Math.imul(n, 0x9e3779b1) >>> 0) % keys;
  }
}

export async function changedStateCase(): Promise<CaseResult[]> {
  const dir = await mkdtemp(join(tmpdir(), "sage-bench-"));
  let kept = 0;
  const env = new PipelineBuilder("changing state");
  env.fromSource(Keys).keyBy((n) => n).process<never>((n, ctx) => {
    ctx.state.value("text", "").set(`the text that is kept of key number ${n}, for the ${++kept}th time that anything is kept at all`);
  }).sink(() => {});
  const graph = env.graph();
  let due = deferred<void>();
  let done = deferred<void>();
  const whenDue = (ms: number, signal?: AbortSignal) => (ms === intervalMs ? due.promise : systemClock.sleep(ms, signal));
  const taking = await LocalCheckpoints.open({ dir, intervalMs, keep: 2 }, compile(graph), { ...systemClock, sleep: whenDue }, (text) => done.reject(new Error(text)));
  const engine = await openInProcess(graph, taking.engineOptions);
  const commit = engine.commitCheckpoint.bind(engine);
  engine.commitCheckpoint = (id) => commit(id).then(() => { due = deferred<void>(); done.resolve(); });
  taking.run(engine).catch(() => {}); // it is cancelled
  const written: number[] = [];
  const seconds: number[] = [];
  try {
    for (let checkpoint = 0; checkpoint <= checkpoints; checkpoint++) {
      while (kept < Keys.upTo) await systemClock.sleep(5);
      const started = performance.now();
      done = deferred<void>();
      due.resolve();
      await done.promise;
      seconds.push((performance.now() - started) / 1_000);
      written.push(await newBytesIn(dir));
      Keys.upTo += changed;
    }
    await engine.cancel();
  } finally {
    await rm(dir, { recursive: true });
  }
  const mean = (all: readonly number[]) => all.reduce((sum, each) => sum + each, 0) / all.length;
  const what = "1 % of a million keys changed";
  return [
    { case: `${what}: written by a checkpoint`, value: mean(written.slice(1)) / 1e6, unit: "MB", peer: "all of the state", peerValue: written[0]! / 1e6 },
    { case: `${what}: a checkpoint takes`, value: mean(seconds.slice(1)) * 1_000, unit: "ms", peer: "all of the state", peerValue: seconds[0]! * 1_000 },
  ];
}

/** Of the newest checkpoint's files that no other one has. */
async function newBytesIn(dir: string): Promise<number> {
  const newest = join(dir, (await readdir(dir)).filter((name) => /^chk-\d+$/.test(name)).sort().at(-1)!);
  const files = await Promise.all((await readdir(newest)).map((name) => stat(join(newest, name))));
  return files.filter(({ nlink }) => nlink === 1).reduce((sum, { size }) => sum + size, 0);
}
