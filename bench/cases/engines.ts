// Other engines on the same queries, each in its own process on one core; and the keyed count over TCP between two
// workers, on two. They are heavy: `pnpm bench:setup` installs them; one that is not installed is named so. JIT warm-up
// is inside the time, start-up of the process is not. Before a time counts, number and sum of the results must be those
// of the loop by hand.

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inFreshProcess } from "./in-process.ts";
import { keyedCountOverTcp } from "./jobs.ts";
import { median, medianRatio, type CaseResult } from "./results.ts";
import { expectedSum } from "./wire.ts";

export { measure } from "./in-process.ts"; // called in the fresh process, which loads this module

type Query = "q0" | "q1" | "q2" | "kc" | "q5";

const folder = join(process.cwd(), "bench/.cache/peers");
const rounds = 5;
const recordsOf: Readonly<Record<Query, number>> = { q0: 8e6, q1: 8e6, q2: 8e6, kc: 5e6, q5: 3e6 };
/** For engines too slow to be given as many. */
const fewer: Readonly<Record<Query, number>> = { q0: 1e6, q1: 1e6, q2: 1e6, kc: 500_000, q5: 200_000 };
const overTcp = 5e6;

interface Engine {
  readonly name: string;
  readonly installed: boolean;
  readonly records: Readonly<Record<Query, number>>;
  readonly words: (query: Query) => readonly string[];
  /** The same count on two workers (task managers, members) that only TCP connects; undefined: not asked of it. */
  readonly tcpWords?: () => readonly string[];
}

/** What every peer prints, as a line of JSON. */
interface Figures {
  readonly out: number;
  readonly sum: number;
  readonly rps: number;
}

const opened = ["java.util", "java.lang", "java.util.concurrent", "java.time"].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`);

function java(name: string, main: string, two: readonly string[]): Engine {
  const classpath = join(folder, "classpath.txt");
  const words = (...args: readonly string[]) => ["java", "-Xmx2g", ...opened, "-cp", `${readFileSync(classpath, "utf8").trim()}:${join(folder, "java/classes")}`, main, ...args];
  return {
    name, installed: existsSync(classpath) && existsSync(join(folder, "java/classes")), records: recordsOf,
    words: (query) => words(query, String(recordsOf[query]), "1"), tcpWords: () => words("kc", String(overTcp), ...two),
  };
}

const python = join(folder, "bytewax/bin/python");
const engines: readonly Engine[] = [
  java("Flink 2.3.0", "peers.FlinkPeer", ["2", "0", "2"]), java("Hazelcast Jet 5.6.0", "peers.JetPeer", ["2", "2"]),
  { name: "Bytewax 0.21.1", installed: existsSync(python), records: fewer, words: (query) => [python, join(process.cwd(), "bench/peers/bytewax_peer.py"), query, String(fewer[query])] },
];

function figuresOf(words: readonly string[]): Promise<Figures> {
  return new Promise((resolve, reject) => {
    execFile(words[0]!, words.slice(1), { maxBuffer: 1 << 24, timeout: 180_000 }, (error, stdout) => {
      const line = stdout.split("\n").find((each) => each.startsWith("{"));
      if (line === undefined) reject(error ?? new Error(`${words.join(" ")} prints no figures`));
      else resolve(JSON.parse(line) as Figures);
    });
  });
}

function check(who: string, { out, sum }: { out: number; sum: number }, expected: { records: number; sum: number }): void {
  if (out !== expected.records || sum !== expected.sum) throw new Error(`${who} gives ${out} records, sum ${sum}, not ${expected.records}, sum ${expected.sum}`);
}

/** Sage and whoever is installed take turns. */
async function beside(query: Query): Promise<CaseResult[]> {
  const n = recordsOf[query];
  const here = engines.filter(({ installed }) => installed);
  const expected = new Map<number, { records: number; sum: number }>();
  for (const records of new Set([n, ...here.map((engine) => engine.records[query])])) expected.set(records, await inFreshProcess("loop", query, records));
  const ours: number[] = [];
  const theirs = new Map<string, number[]>(here.map(({ name }): [string, number[]] => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const sage = await inFreshProcess("sage", query, n);
    check("Sage", { out: sage.records, sum: sage.sum }, expected.get(n)!);
    ours.push(n / sage.seconds);
    for (const engine of here) {
      const figures = await figuresOf(engine.words(query));
      check(engine.name, figures, expected.get(engine.records[query])!);
      theirs.get(engine.name)!.push(figures.rps);
    }
  }
  return rows(`${query} in process, other engines`, ours, engines, theirs);
}

function rows(name: string, ours: readonly number[], peers: readonly Engine[], theirs: ReadonlyMap<string, readonly number[]>): CaseResult[] {
  return peers.map((peer) => {
    const found = theirs.get(peer.name);
    return { case: name, value: Math.round(median(ours)), unit: "records/s", peer: peer.name, ...(found ? { peerValue: Math.round(median(found)), ratio: medianRatio(ours, found) } : { missing: "pnpm bench:setup" }) };
  });
}

export async function q0EnginesCase(): Promise<CaseResult[]> {
  return beside("q0");
}
q0EnginesCase.minutes = 30;

export async function q1EnginesCase(): Promise<CaseResult[]> {
  return beside("q1");
}
q1EnginesCase.minutes = 30;

export async function q2EnginesCase(): Promise<CaseResult[]> {
  return beside("q2");
}
q2EnginesCase.minutes = 30;

export async function keyedCountEnginesCase(): Promise<CaseResult[]> {
  return beside("kc");
}
keyedCountEnginesCase.minutes = 30;

export async function slidingWindowEnginesCase(): Promise<CaseResult[]> {
  return beside("q5");
}
slidingWindowEnginesCase.minutes = 30;

/** Bids are made in both workers, and keyed over TCP to both. */
export async function tcpEnginesCase(): Promise<CaseResult[]> {
  const peers = engines.filter((engine) => engine.tcpWords);
  const here = peers.filter(({ installed }) => installed);
  const expected = { records: overTcp, sum: expectedSum(overTcp) };
  const ours: number[] = [];
  const theirs = new Map<string, number[]>(here.map(({ name }): [string, number[]] => [name, []]));
  for (let round = 0; round < rounds; round++) {
    ours.push(await keyedCountOverTcp(overTcp));
    for (const engine of here) {
      const figures = await figuresOf(engine.tcpWords!());
      check(engine.name, figures, expected);
      theirs.get(engine.name)!.push(figures.rps);
    }
  }
  return rows("keyed count over TCP, two workers, other engines", ours, peers, theirs);
}
tcpEnginesCase.cores = 2;
tcpEnginesCase.minutes = 30;
