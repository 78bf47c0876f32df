// A gigabyte of keyed state, ten million keys: how long the event loop stands still while it is saved, how fast it is
// saved beside a plain write of as many bytes, and how fast a new process has it back. (Load L5: pause p99 at most
// 100 ms, restore at least 100 MB/s.) SAGE_BENCH_KEYS: fewer keys, to try the case itself.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { deferred, systemClock } from "../../packages/core/src/index.ts";
import { compile, PipelineBuilder } from "@sage/graph";
import { LocalCheckpoints, openInProcess } from "@sage/runtime";
import { Keys } from "../programs/keys.ts";
import { bytesIn, plainWriteSeconds } from "./disk.ts";
import type { CaseResult } from "./results.ts";

const mb = 1e6;
/** Never, but when it is told to. */
const intervalMs = 86_400_000;

function graphOf(keys: number, onKept: () => void) {
  const env = new PipelineBuilder("large state");
  env.fromSource(Keys, keys).keyBy((n) => n).process<never>((n, ctx) => {
    ctx.state.value("text", "").set(`the text that is kept of key number ${n}, long enough to make a gigabyte of ten million`);
    onKept();
  }).sink(() => {});
  return env.graph();
}

interface Saved {
  readonly bytes: number;
  readonly seconds: number;
  readonly pauseP99Ms: number;
  readonly longestPauseMs: number;
}

/** Called in a fresh process: fills the state, saves it once, and goes. */
export async function save(dir: string, keys: number): Promise<Saved> {
  let kept = 0;
  const graph = graphOf(keys, () => { kept++; });
  const [due, done] = [deferred<void>(), deferred<void>()];
  let asked = 0;
  const whenDue = (ms: number, signal?: AbortSignal) => (ms === intervalMs && asked++ === 0 ? due.promise : systemClock.sleep(ms, signal));
  const checkpoints = await LocalCheckpoints.open({ dir, intervalMs }, compile(graph), { ...systemClock, sleep: whenDue }, (text) => done.reject(new Error(text)));
  const engine = await openInProcess(graph, checkpoints.engineOptions);
  const commit = engine.commitCheckpoint.bind(engine);
  engine.commitCheckpoint = (id) => commit(id).then(() => done.resolve()); // it is on disk then
  checkpoints.run(engine).catch(() => {}); // it is cancelled
  while (kept < keys) await systemClock.sleep(20);
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const started = performance.now();
  due.resolve();
  await done.promise;
  const seconds = (performance.now() - started) / 1_000;
  delays.disable();
  await engine.cancel();
  return { bytes: await bytesIn(dir), seconds, pauseP99Ms: delays.percentile(99) / 1e6, longestPauseMs: delays.max / 1e6 };
}

/** Called in a fresh process: how many seconds it takes until the state is back. */
export async function restore(dir: string, keys: number): Promise<{ readonly seconds: number }> {
  const graph = graphOf(keys, () => { throw new Error("a key came twice: the source was not restored"); });
  const checkpoints = await LocalCheckpoints.open({ dir, intervalMs }, compile(graph), systemClock, (text) => { throw new Error(text); });
  if (checkpoints.restoredFrom === 0) throw new Error("there is nothing to restore");
  const started = performance.now();
  const engine = await openInProcess(graph, checkpoints.engineOptions);
  const seconds = (performance.now() - started) / 1_000;
  const run = engine.run();
  run.catch(() => {});
  await systemClock.sleep(200); // it fails if its source begins anew
  await engine.cancel();
  return { seconds };
}

function inFreshProcess<T>(call: "save" | "restore", dir: string, keys: number): Promise<T> {
  const script = `import(${JSON.stringify(fileURLToPath(import.meta.url))}).then((m) => m.${call}(${JSON.stringify(dir)}, ${keys})).then((r) => { process.stdout.write(JSON.stringify(r)); process.exit(0); }, (e) => { console.error(e); process.exit(1); })`;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["--max-old-space-size=12000", "-e", script], { maxBuffer: 1 << 20 }, (error, stdout, stderr) => (error ? reject(new Error(stderr || error.message)) : resolve(JSON.parse(stdout) as T)));
  });
}

export async function gigabyteStateCase(): Promise<CaseResult[]> {
  const keys = Number(process.env["SAGE_BENCH_KEYS"] ?? 10_000_000);
  const dir = await mkdtemp(join(tmpdir(), "sage-bench-"));
  try {
    const saved = await inFreshProcess<Saved>("save", join(dir, "state"), keys);
    const plain = await plainWriteSeconds(join(dir, "plain"), saved.bytes);
    const restored = await inFreshProcess<{ seconds: number }>("restore", join(dir, "state"), keys);
    const size = `keyed state, ${keys / 1e6} M keys`; // 1.0 GB of 10 M
    return [
      { case: `${size}: pause p99 while it is saved`, value: saved.pauseP99Ms, unit: "ms", peer: "the limit set for it", peerValue: 100 },
      { case: `${size}: longest pause`, value: saved.longestPauseMs, unit: "ms", peer: "the limit set for it", peerValue: 100 },
      { case: `${size}: saved`, value: saved.bytes / mb / saved.seconds, unit: "MB/s", peer: "a plain write, synced", peerValue: saved.bytes / mb / plain },
      { case: `${size}: restored`, value: saved.bytes / mb / restored.seconds, unit: "MB/s", peer: "the limit set for it", peerValue: 100 },
    ];
  } finally {
    await rm(dir, { recursive: true });
  }
}
gigabyteStateCase.minutes = 20;
