// Other engines on the same queries, each in its own process on one core. They are heavy: `pnpm bench:setup` installs
// them; one that is not installed is named so. JIT warm-up is inside the time, start-up of the process is not.

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inFreshProcess } from "./in-process.ts";
import { median, type CaseResult } from "./results.ts";

export { measure } from "./in-process.ts"; // called in the fresh process, which loads this module

const folder = join(process.cwd(), "bench/.cache/peers");
const rounds = 3;
const recordsOf: Record<string, number> = { q0: 8e6, q1: 8e6, q2: 8e6, kc: 5e6, q5: 3e6 };

interface Engine {
  readonly name: string;
  readonly installed: boolean;
  readonly words: (query: string) => readonly string[];
}

const opened = ["java.util", "java.lang", "java.util.concurrent", "java.time"].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`);

function java(name: string, main: string): Engine {
  const classpath = join(folder, "classpath.txt");
  const words = (query: string) => ["java", "-Xmx2g", ...opened, "-cp", `${readFileSync(classpath, "utf8").trim()}:${join(folder, "java/classes")}`, main, query, String(recordsOf[query]), "1"];
  return { name, installed: existsSync(classpath) && existsSync(join(folder, "java/classes")), words };
}

const python = join(folder, "bytewax/bin/python");
const engines: readonly Engine[] = [
  java("Flink 2.3.0", "peers.FlinkPeer"), java("Hazelcast Jet 5.6.0", "peers.JetPeer"),
  { name: "Bytewax 0.21.1", installed: existsSync(python), words: (query) => [python, join(process.cwd(), "bench/peers/bytewax_peer.py"), query, "500000"] },
];

/** Records a second; each peer prints one JSON line. */
function rateOf(words: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    execFile(words[0]!, words.slice(1), { maxBuffer: 1 << 24, timeout: 180_000 }, (error, stdout) => {
      const line = stdout.split("\n").find((each) => each.startsWith("{"));
      if (line === undefined) reject(error ?? new Error(`${words.join(" ")} prints no figures`));
      else resolve((JSON.parse(line) as { rps: number }).rps);
    });
  });
}

export async function enginesCase(): Promise<CaseResult[]> {
  const rows: CaseResult[] = [];
  for (const query of Object.keys(recordsOf)) {
    const rates = new Map<string, number[]>([["sage", []], ...engines.filter(({ installed }) => installed).map(({ name }): [string, number[]] => [name, []])]);
    for (let round = 0; round < rounds; round++) {
      for (const [name, found] of rates) {
        const engine = engines.find((each) => each.name === name);
        found.push(engine ? await rateOf(engine.words(query)) : recordsOf[query]! / (await inFreshProcess("sage", query)).seconds);
      }
    }
    const value = Math.round(median(rates.get("sage")!));
    for (const { name, installed } of engines) {
      const peerValue = installed ? { peerValue: Math.round(median(rates.get(name)!)) } : { missing: "pnpm bench:setup" };
      rows.push({ case: `${query} in process, other engines`, value, unit: "records/s", peer: name, ...peerValue });
    }
  }
  return rows;
}
