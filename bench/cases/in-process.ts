// Pipelines in one process on one core, beside a hand-written loop, a loop over the operators' functions, and RxJS: the
// same records, the same sums. Every measurement is a fresh process, and the peers take turns; JIT warm-up is inside the time.
//
// Queries of the Nexmark family: q0 passes bids on, q1 converts prices, q2 selects auctions, kc counts bids per
// auction, q5 those of each auction in sliding windows; c10 is a chain of ten operators on numbers.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { filter, map, range, type OperatorFunction } from "rxjs";
import { BatchFunction, PipelineBuilder, sliding, type KeyedStream, type Stream } from "@sage/graph";
import { runInProcess } from "@sage/runtime";
import { Numbers } from "./numbers.ts";
import { median, medianRatio, type CaseResult } from "./results.ts";

interface Bid {
  readonly auction: number;
  readonly bidder: number;
  readonly price: number;
  readonly ts: number;
}

function bid(i: number): Bid {
  const h = Math.imul(i, 0x9e3779b1) >>> 0;
  return { auction: h % 1000, bidder: (h >>> 10) % 5000, price: 100 + ((h >>> 7) % 10000), ts: Math.floor(i / 10) };
}

class Bids extends BatchFunction<Bid> {
  #next = 0;
  readonly #limit: number;
  constructor(limit: number) {
    super();
    this.#limit = limit;
  }
  execute(): Bid | null {
    return this.#next < this.#limit ? bid(this.#next++) : null;
  }
}

/** One operator: what it does, and to what. */
type Step<T> = readonly ["map", (value: T) => unknown] | readonly ["filter", (value: T) => boolean];

interface Measurement {
  readonly seconds: number;
  readonly records: number;
  readonly sum: number;
}

const counted = new Map<number, number>();
const queries: Record<string, readonly Step<never>[]> = {
  q0: [["map", (b: Bid) => b.price]],
  q1: [["map", (b: Bid) => Math.floor(b.price * 0.908)]],
  q2: [["filter", (b: Bid) => b.auction % 123 === 0], ["map", (b: Bid) => b.price]],
  kc: [["map", (b: Bid) => { const c = (counted.get(b.auction) ?? 0) + 1; counted.set(b.auction, c); return c; }]],
  c10: [
    ["map", (v: number) => v + 1], ["map", (v: number) => v * 3], ["filter", (v: number) => v % 2 === 0], ["map", (v: number) => v >> 1],
    ["map", (v: number) => v ^ 5], ["filter", (v: number) => v % 7 !== 0], ["map", (v: number) => v & 0xffff], ["map", (v: number) => v + 7],
    ["map", (v: number) => v * 2], ["map", (v: number) => v - 3],
  ],
} as never;

const sizes: Record<string, number> = { q0: 8e6, q1: 8e6, q2: 8e6, kc: 5e6, c10: 8e6, q5: 3e6 };
const windowMs = 10_000;
const slideMs = 2_000;

/** What a person writes who needs no pipeline: everything in one loop. */
const loops: Record<string, (n: number, sink: (value: number) => void) => void> = {
  q0(n, sink) {
    for (let i = 0; i < n; i++) sink(bid(i).price);
  },
  q1(n, sink) {
    for (let i = 0; i < n; i++) sink(Math.floor(bid(i).price * 0.908));
  },
  q2(n, sink) {
    for (let i = 0; i < n; i++) {
      const b = bid(i);
      if (b.auction % 123 === 0) sink(b.price);
    }
  },
  kc(n, sink) {
    for (let i = 0; i < n; i++) {
      const { auction } = bid(i);
      const count = (counted.get(auction) ?? 0) + 1;
      counted.set(auction, count);
      sink(count);
    }
  },
  // Written by somebody who knows that the times only grow: counts per slide, and five of them put together.
  q5(n, sink) {
    const slices: Map<number, number>[] = [];
    const fire = () => {
      const sums = new Map<number, number>();
      for (const slice of slices) for (const [auction, count] of slice) sums.set(auction, (sums.get(auction) ?? 0) + count);
      for (const sum of sums.values()) sink(sum);
    };
    let now = -1;
    let counts = new Map<number, number>();
    for (let i = 0; i < n; i++) {
      const { auction, ts } = bid(i);
      for (const slice = Math.floor(ts / slideMs); now < slice; now++) {
        if (slices.length > 0) fire();
        slices.push((counts = new Map()));
        if (slices.length > windowMs / slideMs) slices.shift();
      }
      counts.set(auction, (counts.get(auction) ?? 0) + 1);
    }
    for (; slices.length > 0; slices.shift()) fire();
  },
  c10(n, sink) {
    for (let i = 0; i < n; i++) {
      const a = (i + 1) * 3;
      if (a % 2 !== 0) continue;
      const b = (a >> 1) ^ 5;
      if (b % 7 !== 0) sink(((b & 0xffff) + 7) * 2 - 3);
    }
  },
};

const engines: Record<string, (query: string, n: number, sink: (value: number) => void) => void | Promise<unknown>> = {
  loop: (query, n, sink) => loops[query]!(n, sink),
  // The same functions as the pipeline's, called one after the other.
  "loop over functions"(query, n, sink) {
    const steps = queries[query]! as readonly Step<unknown>[];
    const numeric = query === "c10";
    for (let i = 0; i < n; i++) {
      let value: unknown = numeric ? i : bid(i);
      let keep = true;
      for (const [kind, call] of steps) {
        if (kind === "map") value = call(value);
        else if (!call(value)) { keep = false; break; }
      }
      if (keep) sink(value as number);
    }
  },
  rxjs(query, n, sink) {
    const steps = (queries[query]! as readonly Step<unknown>[]).map(([kind, call]) => (kind === "map" ? map(call) : filter(call))) as OperatorFunction<unknown, unknown>[];
    const first = query === "c10" ? [] : [map((i) => bid(i as number))];
    return new Promise((resolve, reject) => {
      (range(0, n).pipe as (...all: unknown[]) => ReturnType<typeof range>)(...first, ...steps).subscribe({ next: sink, error: reject, complete: () => resolve(undefined) });
    });
  },
  sage(query, n, sink) {
    const env = new PipelineBuilder(query);
    let stream = (query === "c10" ? env.fromBatch(Numbers, n) : env.fromBatch(Bids, n)) as Stream<unknown>;
    if (query === "q5") {
      stream = (stream as Stream<Bid>).assignTimestamps((b) => b.ts).keyBy((b) => b.auction).window(sliding(windowMs, slideMs))
        .aggregate({ init: () => 0, add: (count) => count + 1, merge: (a, b) => a + b, result: (count) => count });
    } else if (query === "kc") stream = (stream.keyBy((b) => (b as Bid).auction) as KeyedStream<unknown, number>).aggregate({ init: () => 0, add: (count) => count + 1, result: (count) => count });
    else for (const [kind, call] of queries[query]! as readonly Step<unknown>[]) stream = kind === "map" ? stream.map(call) : stream.filter(call);
    stream.sink(sink as (value: unknown) => void);
    return runInProcess(env.graph());
  },
  // Keyed count by a ProcessFunction's state instead of an aggregate.
  "sage-state"(_query, n, sink) {
    const env = new PipelineBuilder("state");
    env.fromBatch(Bids, n).keyBy((b) => b.auction).process<number>((_bid, ctx) => {
      const count = ctx.state.value("count", 0);
      const next = count.get() + 1;
      count.set(next);
      void ctx.collect(next);
    }).sink(sink);
    return runInProcess(env.graph());
  },
};

/** Called in the fresh process. */
export async function measure(engine: string, query: string, n = sizes[query]!): Promise<Measurement> {
  let records = 0;
  let sum = 0;
  const started = performance.now();
  await engines[engine]!(query, n, (value) => {
    records++;
    sum += value;
  });
  return { seconds: (performance.now() - started) / 1000, records, sum };
}

/** In a process of its own, which loads the module that this file was bundled into. */
export function inFreshProcess(engine: string, query: string, n = sizes[query]!): Promise<Measurement> {
  const module = JSON.stringify(fileURLToPath(import.meta.url));
  const script = `import(${module}).then((m) => m.measure(${JSON.stringify(engine)}, ${JSON.stringify(query)}, ${n})).then((r) => { process.stdout.write(JSON.stringify(r)); process.exit(0); })`;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["-e", script], { maxBuffer: 1 << 20 }, (error, stdout) => (error ? reject(error) : resolve(JSON.parse(stdout) as Measurement)));
  });
}

const rounds = 5;

/** Runs Sage and its peers in turn; the sums must agree before a time counts. */
export async function against(query: string, peers: readonly string[], sage = "sage"): Promise<CaseResult[]> {
  const seconds = new Map<string, number[]>([[sage, []], ...peers.map((peer): [string, number[]] => [peer, []])]);
  let expected: string | undefined;
  for (let round = 0; round < rounds; round++) {
    for (const engine of seconds.keys()) {
      const { records, sum, ...measured } = await inFreshProcess(engine, query);
      const result = `${records} records, sum ${sum}`;
      if (result !== (expected ??= result)) throw new Error(`${query}: ${engine} gives ${result}, not ${expected}`);
      seconds.get(engine)!.push(measured.seconds);
    }
  }
  const rates = (engine: string) => seconds.get(engine)!.map((took) => sizes[query]! / took);
  return peers.map((peer) => ({
    case: `${query} in process${sage === "sage" ? "" : " (state)"}`, value: median(rates(sage)), unit: "records/s", peer, peerValue: median(rates(peer)),
    ratio: medianRatio(rates(sage), rates(peer)),
  }));
}

export async function q0InProcessCase(): Promise<CaseResult[]> {
  return against("q0", ["loop", "loop over functions", "rxjs"]);
}

export async function q1InProcessCase(): Promise<CaseResult[]> {
  return against("q1", ["loop", "loop over functions", "rxjs"]);
}

export async function q2InProcessCase(): Promise<CaseResult[]> {
  return against("q2", ["loop", "loop over functions", "rxjs"]);
}

export async function numberChainInProcessCase(): Promise<CaseResult[]> {
  return against("c10", ["loop", "loop over functions", "rxjs"]);
}

export async function keyedCountInProcessCase(): Promise<CaseResult[]> {
  return against("kc", ["loop", "loop over functions", "rxjs"]);
}

export async function keyedStateInProcessCase(): Promise<CaseResult[]> {
  return against("kc", ["loop"], "sage-state");
}
