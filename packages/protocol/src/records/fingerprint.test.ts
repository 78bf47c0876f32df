import { expect, test } from "vitest";
import { fingerprintOf } from "./fingerprint.ts";

class Window { readonly sizeMs: number; constructor(sizeMs: number) { this.sizeMs = sizeMs; } }
class Slide { readonly sizeMs: number; constructor(sizeMs: number) { this.sizeMs = sizeMs; } }

test("equal arguments have one fingerprint, whatever the order of their fields", () => {
  expect(fingerprintOf({ a: 1, b: [new Date(1), 2n, "x"] })).toBe(fingerprintOf({ b: [new Date(1), 2n, "x"], a: 1 }));
  expect(fingerprintOf(new Window(5))).toBe(fingerprintOf(new Window(5)));
  expect(fingerprintOf("x")).toMatch(/^[0-9a-f]{16}$/);
});

test("whatever differs has another fingerprint", () => {
  const different = [
    1, "1", 1n, true, null, undefined, "", [], {}, [1], ["1"], [[1]], { a: 1 }, { a: 2 }, { b: 1 }, new Window(5), new Window(6), new Slide(5),
    { sizeMs: 5 }, new Map([[1, 2]]), new Map([[2, 1]]), new Set([1]), new Set([1, 2]), /a/g, /a/i, new Date(0), new Date(Number.NaN),
    Buffer.from([1]), new Uint8Array([1]), new Float64Array([1]), new Error("a"), new Error("b"), Symbol("a"), Number.NaN,
    function one() {}, function other() {}, "\ud800", "\ud801", [undefined], { a: undefined },
  ];
  expect(new Set(different.map(fingerprintOf)).size).toBe(different.length);
});

test("cyclic values have fingerprints too, and different cycles different ones", () => {
  const cycle = (name: string) => { const node: Record<string, unknown> = { name }; node["self"] = { node }; return node; };
  expect(fingerprintOf(cycle("a"))).toBe(fingerprintOf(cycle("a")));
  expect(fingerprintOf(cycle("a"))).not.toBe(fingerprintOf(cycle("b")));
});

test("a list of a million links does not overflow the stack", () => {
  let list: unknown = null;
  for (let i = 0; i < 1_000_000; i++) list = { list };
  expect(fingerprintOf(list)).toMatch(/^[0-9a-f]{16}$/);
});

test("getters and proxies that throw do not make it throw", () => {
  const hostile = { get a(): never { throw new Error("no"); } };
  const proxy = new Proxy({}, { ownKeys() { throw new Error("no"); } });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const value of [hostile, proxy, revoked, Object.create(null), new (class { get [Symbol.toStringTag](): never { throw new Error("no"); } })()]) {
    expect(fingerprintOf([value])).toMatch(/^[0-9a-f]{16}$/);
  }
});
