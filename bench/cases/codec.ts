// How fast records become bytes and come back, beside v8.serialize and msgpackr in the same process and the same rounds; by
// processor time, which other programs on the machine change less than they do the time on the wall.

import { deepStrictEqual } from "node:assert/strict";
import { createRequire } from "node:module";
import { serialize, deserialize } from "node:v8";
import { decodeBatch, encodeBatch } from "../../packages/protocol/src/records/index.ts";
import { order } from "./orders.ts";
import { median, medianRatio, type CaseResult } from "./results.ts";

type Codec = (records: unknown[]) => unknown[];

const rounds = 7;
const roundMs = 150;

const sage: Codec = (records) => decodeBatch(encodeBatch(records));
const v8: Codec = (records) => deserialize(serialize(records)) as unknown[];

/** Flat records of integers: the bids of the keyed count. */
function bids(count: number, from: number): unknown[] {
  return Array.from({ length: count }, (_, k) => {
    const i = from + k;
    const h = Math.imul(i, 0x9e3779b1) >>> 0;
    return { auction: h % 1000, bidder: (h >>> 10) % 5000, price: 100 + ((h >>> 7) % 10000), ts: Math.floor(i / 10) };
  });
}

const orders = (count: number, from: number): unknown[] => Array.from({ length: count }, (_, k) => order(from + k));

export async function codecCase(): Promise<CaseResult[]> {
  const require = createRequire(new URL("../../packages/protocol/package.json", import.meta.url));
  const { Packr } = require("msgpackr") as { Packr: new (options: object) => { pack(value: unknown): Buffer; unpack(bytes: Buffer): unknown } };
  const packr = new Packr({ structuredClone: true, moreTypes: true });
  const msgpackr: Codec = (records) => packr.unpack(packr.pack(records)) as unknown[];
  return [
    compare("codec: flat integers", "v8.serialize", bids, v8),
    compare("codec: mixed records", "msgpackr", orders, msgpackr),
    compare("codec: mixed records", "v8.serialize", orders, v8),
  ];
}

function compare(name: string, peer: string, make: (count: number, from: number) => unknown[], other: Codec): CaseResult {
  const batches = Array.from({ length: 16 }, (_, b) => make(512, b * 512));
  for (const batch of batches) {
    deepStrictEqual(sage(batch), batch);
  }
  const ours: number[] = [];
  const theirs: number[] = [];
  recordsPerCpuSecond(sage, batches);
  recordsPerCpuSecond(other, batches);
  for (let round = 0; round < rounds; round++) {
    ours.push(recordsPerCpuSecond(sage, batches));
    theirs.push(recordsPerCpuSecond(other, batches));
  }
  return { case: name, value: median(ours), unit: "records/CPU s", peer, peerValue: median(theirs), ratio: medianRatio(ours, theirs) };
}

function recordsPerCpuSecond(codec: Codec, batches: unknown[][]): number {
  const start = performance.now();
  const before = process.cpuUsage();
  let records = 0;
  for (let i = 0; performance.now() - start < roundMs; i++) records += codec(batches[i % batches.length]!).length;
  const { user, system } = process.cpuUsage(before);
  return Math.round((records * 1e6) / (user + system));
}
