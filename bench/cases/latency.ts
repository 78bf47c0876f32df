// How long records wait: over an exchange at a steady pace, in an async operator, and behind a slow sink, whose job's
// memory stays as it is; and what it costs that tasks measure their own time.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PipelineBuilder } from "@sage/graph";
import { openInProcess } from "@sage/runtime";
import { Numbers } from "./numbers.ts";
import { median, medianRatio, type CaseResult } from "./results.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

export async function exchangeLatencyCase(): Promise<CaseResult[]> {
  const rounds: { readonly p50: number; readonly p99: number }[] = [];
  for (let round = 0; round < 3; round++) rounds.push(JSON.parse(/\{"records.*\}/.exec(await sageRun("bench/programs/latency.ts"))![0]) as (typeof rounds)[number]);
  const best = (of: "p50" | "p99") => Math.round(Math.min(...rounds.map((round) => round[of])) * 100) / 100; // what else the machine does only adds
  return [
    { case: "latency: one exchange at 10,000 records/s, p99", value: best("p99"), unit: "ms", peer: "10 ms", peerValue: 10 },
    { case: "latency: one exchange at 10,000 records/s, p50", value: best("p50"), unit: "ms", peer: "10 ms", peerValue: 10 },
  ];
}
exchangeLatencyCase.cores = 2;

const asyncRecords = 300_000;
const concurrency = 1_000;
const asked = (value: number): Promise<number> => new Promise((resolve) => { setTimeout(resolve, 1, value + 1); });

/** The ideal: the same calls, as many at once, with nothing around them. */
async function byHand(): Promise<number> {
  let [next, sum] = [0, 0];
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: concurrency }, async () => {
    while (next < asyncRecords) {
      const answer = await asked(next++);
      sum += answer;
    }
  }));
  checkSum(sum, asyncRecords);
  return (asyncRecords * 1_000) / (performance.now() - startedMs);
}

async function byOperator(): Promise<number> {
  let sum = 0;
  const startedMs = performance.now();
  await run((env) => void env.fromBatch(Numbers, asyncRecords).map(asked, { concurrency, ordered: false }).sink((value: number) => { sum += value; }));
  checkSum(sum, asyncRecords);
  return (asyncRecords * 1_000) / (performance.now() - startedMs);
}

export async function asyncOperatorCase(): Promise<CaseResult[]> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  await byHand(); // both are warm then: this is about waiting
  await byOperator();
  for (let round = 0; round < 5; round++) {
    theirs.push(await byHand());
    ours.push(await byOperator());
  }
  return [{ case: "async operator, 1 ms, 1,000 at once", value: Math.round(median(ours)), unit: "records/s", peer: "the calls alone", peerValue: Math.round(median(theirs)), ratio: medianRatio(ours, theirs) }];
}

/** Memory of a job whose sink takes 1,000 × as long as its source, early and late. */
export async function slowSinkMemoryCase(): Promise<CaseResult[]> {
  const used: number[] = [];
  let taken = 0;
  const heapMb = () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 1e6;
  };
  const done = new AbortController();
  const began = performance.now();
  await run((env) => void env.fromBatch(Numbers, 1e9).map((n) => ({ n, text: `record ${n}` }), { parallelism: 2 }).sink(async () => {
    if (++taken % 100 === 0) {
      used.push(heapMb());
      if (performance.now() - began > 20_000) done.abort(new Error("enough"));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }, { parallelism: 1 }), done.signal).catch((error: unknown) => { if (!done.signal.aborted) throw error; });
  const [early, late] = [Math.max(...used.slice(1, used.length >> 1)), Math.max(...used.slice(used.length >> 1))];
  return [{ case: "memory: a sink 1,000 × slower, second half", value: Math.round(late), unit: "MB", peer: "first half", peerValue: Math.round(early), ratio: early / late }];
}

const pairs = 150;

/**
 * What it costs that tasks count their time: the same short pipeline with and without, one right after the other in turns;
 * the median of the pairs' ratios, of processor time. One pair alone says nothing: its rounds differ by several percent.
 */
export async function observedCase(): Promise<CaseResult[]> {
  const [on, off]: [number[], number[]] = [[], []];
  for (let warm = 0; warm < 10; warm++) await counted(warm % 2 === 0);
  for (let pair = 0; pair < pairs; pair++) {
    const isFirst = pair % 2 === 0;
    (isFirst ? on : off).push(await counted(isFirst));
    (isFirst ? off : on).push(await counted(!isFirst));
  }
  return [{ case: "observed: keyed count over an exchange", value: Math.round(median(on)), unit: "records/s of CPU", peer: "not observed", peerValue: Math.round(median(off)), ratio: medianRatio(on, off) }];
}

async function counted(observed: boolean): Promise<number> {
  const records = 1_000_000;
  let sum = 0;
  globalThis.gc?.(); // a round does not pay for the one before
  const before = process.cpuUsage();
  await run((env) => void env.fromBatch(Numbers, records).keyBy((n) => n & 1_023).aggregate({ init: () => 0, add: (count: number) => count + 1, result: (count: number) => count }, { parallelism: 2 })
    .sink((count: number) => { sum += count; }, { parallelism: 2 }), undefined, observed);
  const each = records / 1_024;
  const expected = Array.from({ length: 1_024 }, (_, key) => Math.floor(each) + (key < records % 1_024 ? 1 : 0)).reduce((total, n) => total + (n * (n + 1)) / 2, 0);
  if (sum !== expected) throw new Error(`counted ${sum}, not ${expected}`);
  const { user, system } = process.cpuUsage(before);
  return (records * 1e6) / (user + system);
}

async function run(build: (env: PipelineBuilder) => void, signal?: AbortSignal, observed = true): Promise<void> {
  const env = new PipelineBuilder("bench");
  build(env);
  await using engine = await openInProcess(env.graph(), { observed, ...(signal ? { signal } : {}) });
  const heartbeat = setInterval(() => engine.metrics(), 1_000); // as a worker does
  try {
    await engine.run();
  } finally {
    clearInterval(heartbeat);
  }
}

function checkSum(sum: number, records: number): void {
  const expected = (records * (records + 1)) / 2;
  if (sum !== expected) throw new Error(`the sum is ${sum}, not ${expected}`);
}

function sageRun(program: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "scripts/sage.mjs"), "run", program], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve(output) : reject(new Error(`sage run ${program} ended with ${code}: ${output.slice(-500)}`))));
  });
}
