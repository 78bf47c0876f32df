// How a pipeline in one process grows: longer chains, and more parallel instances. A peer of a row is the same at a tenth
// or less of the size; a ratio of 1 is growth in proportion.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { PipelineBuilder, type Stream } from "@sage/graph";
import { openInProcess } from "@sage/runtime";
import { median, type CaseResult } from "./results.ts";

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
