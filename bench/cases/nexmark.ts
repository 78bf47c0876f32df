// The Nexmark queries on one core, in process, over two million events made in the same process. The results must be
// exactly those of the plain look at all events (`bench/nexmark`), whose time is the peer's: it holds all events in
// memory, knows no event time, and answers once at the end.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { nexmarkQueries } from "../nexmark/index.ts";
import { allEvents, comparable, runQuery } from "../nexmark/run.ts";
import { median, medianRatio, type CaseResult } from "./results.ts";

const input = { events: 2_000_000, seed: 1, eventsPerSecond: 10_000 };
const rounds = 3;

interface Measurement {
  readonly seconds: number;
  /** Number of results, and a sum over their texts that does not depend on their order. */
  readonly results: string;
}

/** Called in a fresh process. */
export async function measure(name: string, how: "pipeline" | "naive"): Promise<Measurement> {
  const query = nexmarkQueries.find((each) => each.name === name)!;
  const started = performance.now();
  const results = how === "pipeline" ? await runQuery(query, input) : query.naive(allEvents(input));
  const seconds = (performance.now() - started) / 1_000;
  const lines = comparable(query, results);
  return { seconds, results: `${lines.length} results, ${lines.reduce((sum, line) => (sum + hashOf(line)) % 2 ** 48, 0)}` };
}

/** FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo), 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let k = 0; k < text.length; k++) hash = Math.imul(hash ^ text.charCodeAt(k), 0x01000193);
  return hash >>> 0;
}

function inFreshProcess(name: string, how: "pipeline" | "naive"): Promise<Measurement> {
  const script = `import(${JSON.stringify(fileURLToPath(import.meta.url))}).then((m) => m.measure("${name}", "${how}")).then((r) => { process.stdout.write(JSON.stringify(r)); process.exit(0); }, (e) => { console.error(e); process.exit(1); })`;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["--max-old-space-size=4096", "-e", script], { maxBuffer: 1 << 20 }, (error, stdout, stderr) => (error ? reject(new Error(stderr)) : resolve(JSON.parse(stdout) as Measurement)));
  });
}

export async function nexmarkCase(): Promise<CaseResult[]> {
  const rows: CaseResult[] = [];
  for (const { name } of nexmarkQueries) {
    const rates = { pipeline: [] as number[], naive: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      const [ours, theirs] = [await inFreshProcess(name, "pipeline"), await inFreshProcess(name, "naive")];
      if (ours.results !== theirs.results) throw new Error(`${name}: the pipeline gives ${ours.results}, the plain look ${theirs.results}`);
      rates.pipeline.push(input.events / ours.seconds);
      rates.naive.push(input.events / theirs.seconds);
    }
    rows.push({ case: `nexmark ${name}`, value: median(rates.pipeline), unit: "events/s", peer: "a plain look at all events", peerValue: median(rates.naive), ratio: medianRatio(rates.pipeline, rates.naive) });
  }
  return rows;
}
nexmarkCase.minutes = 30;
