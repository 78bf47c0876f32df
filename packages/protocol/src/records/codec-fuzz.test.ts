// Bytes from the wire may be anything: each of them gives a batch or a typed refusal, in bounded time and memory.

import { isSageError } from "@sage/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BadFrameError } from "./errors.ts";
import { decodeBatch, encodeBatch } from "./codec.ts";

const samples = [
  Array.from({ length: 50 }, (_, i) => ({ id: i, big: 2 ** 40 + i, ratio: i / 3, name: `n${i % 4}`, unique: `unique ${i}`, ok: i % 2 === 0 })),
  [1, "a", null, undefined, 5n, 10n ** 40n, new Date(5), Buffer.from("ab"), new Uint8Array(3), [1, [2]], { a: { b: [{ c: 1 }] } }],
  [{ map: new Map([[1, { a: 1 }]]), set: new Set([1]), re: /a/g, floats: new Float64Array(4), error: new Error("x") }],
  Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? { a: i } : { a: i, b: ["x", i] })),
].map((records) => Buffer.from(encodeBatch(records)));

/** Whether the bytes decode; anything but a batch or a typed refusal fails the test. */
function decodes(bytes: Uint8Array): boolean {
  try {
    return Array.isArray(decodeBatch(bytes));
  } catch (error) {
    if (!isSageError(error) || (error.code !== "SAGE_BAD_FRAME" && error.code !== "SAGE_UNKNOWN_TYPE")) throw error;
    return false;
  }
}

test("every truncation of a batch is refused", () => {
  for (const sample of samples) {
    for (let length = 0; length < sample.length; length++) expect(decodes(sample.subarray(0, length))).toBe(false);
    expect(decodes(Buffer.concat([sample, Buffer.of(0)]))).toBe(false);
    expect(decodes(sample)).toBe(true);
  }
});

test("30,000 mutations neither crash nor hang nor pollute a prototype", () => {
  const seed = 20261121;
  let state = seed;
  const random = (below: number) => ((state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 8) % below;
  let refused = 0;
  for (let i = 0; i < 30_000; i++) {
    const bytes = Buffer.from(samples[i % samples.length]!);
    for (let n = 1 + random(4); n > 0; n--) {
      const at = random(bytes.length);
      if (random(4) === 0 && at + 4 <= bytes.length) bytes.writeUInt32LE([0xffffffff, 0x7fffffff, 0x10000000, 1][random(4)]!, at);
      else bytes[at] = random(256);
    }
    if (!decodes(bytes)) refused++;
  }
  expect(refused).toBeGreaterThan(5_000);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test("random bytes are refused or decode", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => { decodes(bytes); decodes(Buffer.concat([Buffer.of(1, 2, 0, 0, 0), bytes])); }), { numRuns: 5_000 });
});

test("a huge count with few bytes behind it allocates nothing", () => {
  const before = process.memoryUsage();
  for (let kind = 0; kind < 32; kind++) {
    for (const tail of [Buffer.alloc(64, 1), Buffer.alloc(64, 0xff), Buffer.alloc(64)]) {
      expect(decodes(Buffer.concat([Buffer.of(1, 0xff, 0xff, 0xff, 0x0f, kind), tail]))).toBe(false);
    }
  }
  const after = process.memoryUsage();
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(50e6);
});

test("nested arrays that each announce more than there is are refused", () => {
  // Kind 14 with one row whose items are arrays again, as deep as the frame allows.
  const nested = Buffer.concat([Buffer.of(1, 1, 0, 0, 0), ...Array.from({ length: 10_000 }, () => Buffer.of(14, 1, 1, 1, 0, 0, 0))]);
  expect(() => decodeBatch(nested)).toThrow(BadFrameError);
  // msgpack arrays of 2^28 in one another.
  const message = Buffer.concat(Array.from({ length: 1_000 }, () => Buffer.of(0xdd, 0x10, 0, 0, 0)));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(message.length);
  expect(decodes(Buffer.concat([Buffer.of(1, 1, 0, 0, 0, 19), length, message]))).toBe(false);
});

test("thousands of shapes that nobody sees again do not pile up", () => {
  for (let i = 0; i < 5_000; i++) decodeBatch(encodeBatch(Array.from({ length: 20 }, (_, k) => ({ [`f${i}`]: k }))));
  expect(decodes(samples[0]!)).toBe(true);
});
