// Whole jobs in worker processes, as `sage run` runs them: the keyed count beside v8.serialize over a socket, and the
// memory of the flights job.

import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, type CaseResult } from "./results.ts";
import { expectedSum, withWire } from "./wire.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rounds = 3;
const records = 4_000_000;

export async function keyedCountJobCase(): Promise<CaseResult[]> {
  return withWire(async (runWire) => {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(await keyedCount(records, []));
      theirs.push((records * 1_000) / (await runWire("v8", records)).ms);
    }
    return [{ case: "job: keyed count, two workers", value: Math.round(median(ours)), unit: "records/s", peer: "v8.serialize, frames of 512, TCP", peerValue: Math.round(median(theirs)) }];
  });
}
keyedCountJobCase.cores = 2;

/** Records a second of the keyed count as a job; its sum is checked. */
async function keyedCount(count: number, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return (count * 1_000) / (await keyedCountRun(count, args, env)).ms;
}

/** How long it took, how long its records flowed, and the processor time of the worker that took most. */
export async function keyedCountRun(count: number, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ readonly ms: number; readonly flowMs: number; readonly busiestMs: number }> {
  const { output } = await sageRun(["bench/programs/keyed-count.ts", "--param", `records=${count}`, ...args], env);
  const sum = [...output.matchAll(/sum=(\d+)/g)].reduce((total, found) => total + Number(found[1]), 0);
  if (sum !== expectedSum(count)) throw new Error(`the job counted ${sum}, not ${expectedSum(count)}`);
  const longest = (what: string) => Math.max(...[...output.matchAll(new RegExp(`${what}=(\\d+)`, "g"))].map(([, ms]) => Number(ms)));
  return { ms: Number(/"ms":(\d+)/.exec(output)![1]), flowMs: longest("flowMs"), busiestMs: longest("cpuMs") };
}

/** The same with a source in both of two workers, which TCP connects: the paths in its folder are too long for Unix sockets. */
export async function keyedCountOverTcp(count: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), `sage-bench-${"long-".repeat(16)}`));
  try {
    return await keyedCount(count, ["--param", "sources=2"], { TMPDIR: folder });
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function flightsMemoryCase(): Promise<CaseResult[]> {
  const out = await mkdtemp(join(tmpdir(), "sage-bench-"));
  try {
    const { peakMb } = await sageRun(["examples/flights/main.ts", "--param", `out=${out}`]);
    return [{ case: "job: flights, peak memory of a worker", value: Math.round(peakMb), unit: "MB", peer: "the limit set for it", peerValue: 400 }];
  } finally {
    await rm(out, { recursive: true });
  }
}
flightsMemoryCase.cores = 2;

/** Runs a program to its end; also the greatest resident memory that any worker of this clone reached. */
function sageRun(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ output: string; peakMb: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "scripts/sage.mjs"), "run", ...args], { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let peakMb = 0;
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.stderr.on("data", (chunk) => (output += String(chunk)));
    const watch = setInterval(() => (peakMb = Math.max(peakMb, ...workerPeaksMb())), 20);
    child.on("error", reject);
    child.on("exit", (code) => {
      clearInterval(watch);
      if (code === 0) resolve({ output, peakMb });
      else reject(new Error(`sage run ${args[0]} ended with ${code}: ${output.slice(-500)}`));
    });
  });
}

function workerPeaksMb(): number[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(join(root, "packages/runtime/dist/worker.mjs"))) return [];
      return [Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1_000];
    } catch {
      return []; // it ended meanwhile
    }
  });
}
