// How a pipeline grows: longer chains, more parallel instances, a second worker. A peer of a row is the same at a tenth or
// less of the size, where a ratio of 1 is growth in proportion; or one worker beside two, where 2 would be.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { PipelineBuilder, type Stream } from "@sage/graph";
import { openInProcess } from "@sage/runtime";
import { keyedCountRun } from "./jobs.ts";
import { median, medianRatio, type CaseResult } from "./results.ts";

const rounds = 5;
const chainRecords = 200_000;

/** Called in a fresh process. Nanoseconds of processor time that a record takes per operator. */
export async function chain(operators: number): Promise<number> {
  const env = new PipelineBuilder("chain");
  let next = 0;
  let stream: Stream<number> = env.fromBatch(() => (next < chainRecords ? next++ : null));
  for (let k = 0; k < operators; k++) stream = stream.map((value) => value + 1);
  let sum = 0;
  stream.sink((value) => { sum += value; });
  await using engine = await openInProcess(env.graph());
  const before = process.cpuUsage();
  await engine.run();
  const { user, system } = process.cpuUsage(before);
  const expected = (chainRecords * (chainRecords - 1)) / 2 + chainRecords * operators;
  if (sum !== expected) throw new Error(`a chain of ${operators} gives ${sum}, not ${expected}`);
  return ((user + system) * 1_000) / (chainRecords * operators);
}

/** Called in a fresh process. Microseconds of processor time that an instance takes from the graph to its end, with one record each. */
export async function instances(parallelism: number): Promise<number> {
  const before = process.cpuUsage();
  const env = new PipelineBuilder("instances", { parallelism });
  let next = 0;
  let count = 0;
  env.fromBatch(() => (next < parallelism ? next++ : null)).rebalance().map((value: number) => value).sink(() => { count++; });
  await using engine = await openInProcess(env.graph());
  await engine.run();
  const { user, system } = process.cpuUsage(before);
  if (count !== parallelism) throw new Error(`${parallelism} instances took ${count} records`);
  return (user + system) / parallelism;
}

function inFreshProcess(what: "chain" | "instances", size: number): Promise<number> {
  const script = `import(${JSON.stringify(fileURLToPath(import.meta.url))}).then((m) => m.${what}(${size})).then((r) => { process.stdout.write(String(r)); process.exit(0); }, (e) => { console.error(e); process.exit(1); })`;
  return new Promise((resolve, reject) => { execFile(process.execPath, ["-e", script], (error, stdout, stderr) => (error ? reject(new Error(stderr)) : resolve(Number(stdout)))); });
}

async function grown(what: "chain" | "instances", unit: string, small: number, large: number): Promise<CaseResult> {
  const took = { small: [] as number[], large: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    took.small.push(await inFreshProcess(what, small));
    took.large.push(await inFreshProcess(what, large));
  }
  const [value, peerValue] = [median(took.large), median(took.small)];
  return { case: `growth: ${large} ${what === "chain" ? "operators in a chain" : "instances"}`, value, unit, peer: `${small} of them`, peerValue };
}

export async function growthCase(): Promise<CaseResult[]> {
  return [
    await grown("chain", "CPU ns each", 10, 40), await grown("chain", "CPU ns each", 10, 200),
    await grown("instances", "CPU us each", 10, 1_000), await grown("instances", "CPU us each", 100, 1_000),
  ];
}

/**
 * The keyed count in one worker, where no record becomes bytes, and in two with a source in each, where every second one
 * does; of bids as they are made, and of bids that are read from JSON first. By the processor time of the busier worker,
 * which is the time on the wall of a machine with two cores to spare; without that of its first bids, in which it compiles.
 */
export async function secondWorkerCase(): Promise<CaseResult[]> {
  return [
    await secondWorker("growth: keyed count, two workers", 9_000_000, []),
    await secondWorker("growth: keyed count of JSON, two workers", 4_500_000, ["--param", "text=1"]),
  ];
}
secondWorkerCase.cores = 2;

async function secondWorker(name: string, records: number, args: readonly string[]): Promise<CaseResult> {
  const rates = { one: [] as number[], two: [] as number[] };
  const unmeasured = records / 3;
  const rate = async (run: readonly string[]) => ((records - unmeasured) * 1_000) / (await keyedCountRun(records, ["--param", `unmeasured=${unmeasured}`, ...run])).busiestMs;
  for (let round = 0; round < 3; round++) {
    rates.one.push(await rate(["--parallelism", "1", ...args]));
    rates.two.push(await rate(["--parallelism", "2", "--param", "sources=2", ...args]));
  }
  return { case: name, value: Math.round(median(rates.two)), unit: "records/CPU s", peer: "one worker", peerValue: Math.round(median(rates.one)), ratio: medianRatio(rates.two, rates.one) };
}
