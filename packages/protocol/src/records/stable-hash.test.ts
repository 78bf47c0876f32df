import { execFileSync } from "node:child_process";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalKey } from "./canonical-key.ts";
import { stableHash } from "./stable-hash.ts";

const keys = fc.letrec((tie) => ({
  key: fc.oneof(
    { depthSize: "small" },
    fc.string({ unit: "binary" }), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined),
    fc.bigInt(), fc.date({ noInvalidDate: false }), fc.array(tie("key"), { maxLength: 3 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie("key"), { maxKeys: 3, noNullPrototype: false }),
  ),
})).key;

test("hashes never change, since saved state is found by them", () => {
  expect([0, 1, -1, 42, 2 ** 31, 1.5, Number.NaN, Infinity].map(stableHash)).toMatchInlineSnapshot(`
    [
      3954623016,
      691257000,
      164480875,
      359184813,
      2974209588,
      3246235148,
      2671543974,
      3088493970,
    ]
  `);
  expect(["", "a", "user-17", "é", "漢字", "\ud800"].map(stableHash)).toMatchInlineSnapshot(`
    [
      2551842700,
      829641070,
      3839953805,
      2071576059,
      1389596104,
      4217876636,
    ]
  `);
  expect([true, false, null, undefined, 1n, new Date(0), [], {}, [1, "a"], { a: 1, b: [2] }].map(stableHash)).toMatchInlineSnapshot(`
    [
      1321160749,
      2675445102,
      1657523902,
      727738663,
      1732312345,
      3252258752,
      498732457,
      81016749,
      848648393,
      3796926298,
    ]
  `);
});

test("another process computes the same hashes", () => {
  const source = `import { stableHash } from ${JSON.stringify(new URL("./stable-hash.ts", import.meta.url).href)};
    console.log(JSON.stringify([stableHash({ b: [1n, null], a: new Date(5) }), stableHash("key"), stableHash(7.25)]));`;
  const bundled = execFileSync(
    new URL("../../../../node_modules/.bin/esbuild", import.meta.url).pathname,
    ["--bundle", "--platform=node", "--format=esm", "--conditions=sage-source", "--loader=ts", "--log-level=error"],
    { input: source.replace(/"file:\/\/(.*?)"/, '"$1"'), encoding: "utf8", cwd: new URL(".", import.meta.url).pathname },
  );
  const theirs = execFileSync(process.execPath, ["--input-type=module", "-e", bundled], { encoding: "utf8" });
  expect(JSON.parse(theirs)).toEqual([stableHash({ a: new Date(5), b: [1n, null] }), stableHash("key"), stableHash(7.25)]);
});

test("keys of equal canonical form have equal hashes, and a copy of a key is the same key", () => {
  fc.assert(fc.property(keys, keys, (one, other) => {
    expect(stableHash(structuredClone(one))).toBe(stableHash(one));
    expect(canonicalKey(structuredClone(one))).toBe(canonicalKey(one));
    expect(!Object.is(canonicalKey(one), canonicalKey(other)) || stableHash(other) === stableHash(one)).toBe(true);
  }), { numRuns: 2_000 });
});

test("hashes are unsigned 32-bit integers", () => {
  fc.assert(fc.property(keys, (key) => {
    const hash = stableHash(key);
    expect(hash >>> 0).toBe(hash);
  }));
});

test("the order of an object's fields does not matter, at any depth", () => {
  expect(stableHash({ a: 1, b: { c: 2, d: 3 } })).toBe(stableHash({ b: { d: 3, c: 2 }, a: 1 }));
});

test("-0 is 0, every NaN is NaN, and a boxed primitive is its primitive", () => {
  expect(stableHash(-0)).toBe(stableHash(0));
  expect(stableHash([-0])).toBe(stableHash([0]));
  expect(stableHash(new Float64Array(new BigUint64Array([0xfff8000000000001n]).buffer)[0])).toBe(stableHash(Number.NaN));
  expect(stableHash(new String("a"))).toBe(stableHash("a"));
  expect(stableHash(new Number(3))).toBe(stableHash(3));
});

test("keys that look alike but differ in type part ways", () => {
  const alike = [0, "0", "", false, null, undefined, 0n, [], {}, [0], [[]], [null], { a: undefined }, new Date(0), "0n"];
  expect(new Set(alike.map(stableHash)).size).toBe(alike.length);
});

test("objects of another realm are plain objects too", () => {
  expect(stableHash(runInNewContext("({ a: [1, new Date(5)] })"))).toBe(stableHash({ a: [1, new Date(5)] }));
});

test("a key that has no stable identity is refused with its path", () => {
  class Money { cents = 1; }
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const refused: [unknown, string][] = [
    [() => 1, "key"], [{ a: [1, { "b c": Symbol("s") }] }, 'key.a[1]["b c"]'], [new Map(), "key"], [[new Money()], "key[0]"],
  ];
  for (const [key, path] of refused) {
    for (const compute of [stableHash, canonicalKey]) {
      expect(() => compute(key)).toThrow(expect.objectContaining({ code: "SAGE_UNHASHABLE_KEY", path }));
    }
  }
  for (const compute of [stableHash, canonicalKey]) {
    expect(() => compute(cyclic)).toThrow(expect.objectContaining({ code: "SAGE_UNHASHABLE_KEY" }));
  }
});

test("small integers and sequential names spread evenly over key groups", () => {
  for (const keyOf of [(i: number) => i, (i: number) => `user-${i}`, (i: number) => i / 4 + 0.1, (i: number) => [i, "x"]]) {
    const groups = Array.from({ length: 128 }, () => 0);
    for (let i = 0; i < 128_000; i++) groups[stableHash(keyOf(i)) % 128]!++;
    // 1,000 a group expected; six standard deviations are 190.
    expect(Math.min(...groups)).toBeGreaterThan(810);
    expect(Math.max(...groups)).toBeLessThan(1_190);
  }
});
