// The keyed running count over two processes: bids are made in one, and keyed and counted in the other. Sage's data plane
// beside what Node offers by itself: v8.serialize in length-framed batches of 512 over loopback TCP. Both must agree on
// the sum of all counts before a time counts.

import { fork, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ordersPeriod } from "./orders.ts";
import { median, medianRatio, type CaseResult } from "./results.ts";
import type { WireMessage, WireResult, WireRun } from "./wire-worker.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rounds = 5;
/** With much fewer, both sides mostly measure how long the JIT takes. */
const records = 4_000_000;
const mixedRecords = 80 * ordersPeriod;

export async function wireCase(): Promise<CaseResult[]> {
  return withWire(async (run) => {
    const results: WireRun[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const transport of ["sage", "sage-unix", "v8"] as const) results.push(await run(transport, records));
    }
    return report(results);
  });
}
wireCase.cores = 2;

type Transport = "sage" | "sage-unix" | "v8" | "msgpackr";
type Shape = "bids" | "orders";

/**
 * The same with records of mixed shape, beside msgpackr over plain sockets; by the processor time of the busier side, which
 * other programs on the machine change less than they do the time on the wall.
 */
export async function mixedWireCase(): Promise<CaseResult[]> {
  return withWire(async (run) => {
    const rates = { sage: [] as number[], msgpackr: [] as number[] };
    for (let round = 0; round < 3; round++) {
      for (const transport of ["sage", "msgpackr"] as const) {
        const { busierMs, sum } = await run(transport, mixedRecords, "orders");
        if (sum !== expectedSum(mixedRecords, ordersPeriod)) throw new Error(`${transport} counted ${sum}, not ${expectedSum(mixedRecords, ordersPeriod)}`);
        rates[transport].push((mixedRecords * 1_000) / busierMs);
      }
    }
    return [{ case: "wire: mixed records over TCP", value: median(rates.sage), unit: "records/CPU s", peer: "msgpackr, frames of 512, TCP", peerValue: median(rates.msgpackr), ratio: medianRatio(rates.sage, rates.msgpackr) }];
  });
}
mixedWireCase.cores = 2;

/** Hands `work` a function that runs the count once over a transport. */
export async function withWire<T>(work: (run: (transport: Transport, records: number, shape?: Shape) => Promise<WireRun>) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "sage-bench-"));
  try {
    // Bundled, as user programs run, and so that it starts without a loader.
    const file = join(dir, "wire-worker.mjs");
    await symlink(join(root, "packages/protocol/node_modules"), join(dir, "node_modules"));
    await build({
      entryPoints: [join(root, "bench/cases/wire-worker.ts")], outfile: file, bundle: true, platform: "node", format: "esm", target: "node20",
      conditions: ["sage-source"], external: ["msgpackr"], logLevel: "error",
    });
    return await work((transport, count, shape = "bids") => runPair(file, { transport, records: count, shape, dir }));
  } finally {
    await rm(dir, { recursive: true });
  }
}

function report(results: readonly WireRun[]): CaseResult[] {
  const rate = (transport: string) => Math.round(median(results.filter((run) => run.transport === transport).map((run) => (run.records * 1_000) / run.ms)));
  for (const run of results) {
    if (run.sum !== expectedSum(run.records)) throw new Error(`${run.transport} counted ${run.sum}, not ${expectedSum(run.records)}`);
  }
  const peer = { unit: "records/s", peer: "v8.serialize, frames of 512, TCP", peerValue: rate("v8") };
  return [
    { case: "wire: keyed count over TCP", value: rate("sage"), ...peer },
    { case: "wire: keyed count over a Unix socket", value: rate("sage-unix"), ...peer },
  ];
}

/** The sum of the running counts, computed here without any wire. */
export function expectedSum(count: number, period = Infinity): number {
  const counts = new Map<number, number>();
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const auction = (Math.imul(i % period, 0x9e3779b1) >>> 0) % 1000;
    const next = (counts.get(auction) ?? 0) + 1;
    counts.set(auction, next);
    sum += next;
  }
  return sum;
}

async function runPair(file: string, run: { transport: Transport; records: number; shape: Shape; dir: string }): Promise<WireRun> {
  const secretHex = randomBytes(32).toString("hex");
  const start = (role: "send" | "receive") => {
    const env = { ...process.env, WIRE: JSON.stringify({ ...run, role, secretHex }) };
    return fork(file, [], { env, execArgv: [] });
  };
  const [receiver, sender] = [start("receive"), start("send")];
  try {
    const { address } = await message(receiver, "address");
    const sides = Promise.all([message(receiver, "cpuMs"), message(sender, "cpuMs")]);
    sides.catch(() => {}); // heard below
    sender.send({ address });
    const { ms, sum }: WireResult = await message(receiver, "ms");
    const busierMs = Math.max(...(await sides).map(({ cpuMs }) => cpuMs));
    for (const child of [receiver, sender]) if (child.exitCode === null) await once(child, "exit");
    return { ms, sum, busierMs, transport: run.transport, records: run.records };
  } finally {
    for (const child of [receiver, sender]) child.kill(); // without effect once it has ended
  }
}

/** The first message of a child that has the field; rejects if the child ends without it. */
async function message<K extends keyof WireMessage>(child: ChildProcess, field: K): Promise<WireMessage> {
  return new Promise((resolve, reject) => {
    child.on("message", (data: WireMessage) => void (data[field] !== undefined && resolve(data)));
    child.once("exit", (code) => reject(new Error(`a benchmark process ended with ${code}`)));
  });
}
