import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBatch, encodeBatch, recordCountOf } from "./codec.ts";
import { registerType } from "./registered-types.ts";

const roundTrip = (records: unknown[]): unknown[] => decodeBatch(encodeBatch(records));

/** Strict about what toEqual forgives: undefined fields, -0, prototypes, order of fields. */
function expectSame(records: unknown[]): void {
  const arrived = roundTrip(records);
  expect(arrived).toStrictEqual(records);
  expect(arrived.map(orderOf)).toEqual(records.map(orderOf));
}
const orderOf = (value: unknown): unknown => (typeof value === "object" && value !== null ? Object.keys(value) : value);

const record = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.string({ unit: "binary" }), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined), fc.bigInt(),
    fc.date({ noInvalidDate: false }), fc.uint8Array(), fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

test("any mixture of records comes back as it was", () => {
  fc.assert(fc.property(fc.array(record, { maxLength: 40 }), (records) => expectSame(records)), { numRuns: 600 });
});

test("records of one shape come back as they were, whatever their fields hold", () => {
  const rows = fc.array(fc.record({ id: fc.integer(), name: fc.string(), score: fc.double(), note: fc.option(fc.string()), inner: fc.record({ x: fc.maxSafeInteger(), y: fc.boolean() }, { noNullPrototype: true }), list: fc.array(fc.integer()) }, { noNullPrototype: true }), { minLength: 1, maxLength: 100 });
  fc.assert(fc.property(rows, (records) => expectSame(records)), { numRuns: 300 });
});

test("integers of every width come back, also at the borders", () => {
  const borders = [0, 1, -1, 127, 128, 255, 256, 32_767, 65_535, 65_536, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 32, 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 53, 1e300];
  for (const low of borders) for (const high of borders) expectSame([low, high, low].map((id) => ({ id })));
});

test("-0, NaN and the infinities survive in columns of numbers", () => {
  expectSame([{ x: -0 }, { x: Number.NaN }, { x: Infinity }, { x: -Infinity }, { x: 0 }]);
  expectSame([-0, 0, 1]);
  expectSame([{ values: [-0, 1] }, { values: [] }]);
});

test("small integers take one byte each and timestamps of one minute four", () => {
  const at = Date.UTC(2026, 0, 1);
  const bytes = encodeBatch(Array.from({ length: 1_000 }, (_, i) => ({ id: 5_000_000 + (i % 200), at: at + i * 60 }))).length;
  expect(bytes).toBeLessThan(1_000 * (1 + 2) + 100);
});

test("strings survive: empty, long, repeated, Latin-1, beyond, and half of a surrogate pair", () => {
  const texts = ["", "a", "é", "漢字", "\ud800", "😀", "x".repeat(300), "twelve chars", "y".repeat(70_000), "\0", "\u2028"];
  expectSame(texts);
  expectSame(texts.map((text) => ({ text })));
  expectSame(Array.from({ length: 500 }, (_, i) => ({ country: ["de", "漢", ""][i % 3], name: `customer number ${i}` })));
});

test("a repeated string is sent once", () => {
  const records = Array.from({ length: 1_000 }, (_, i) => ({ city: `a city with a long name ${i % 4}` }));
  expect(encodeBatch(records).length).toBeLessThan(1_250);
});

test("null, undefined and a missing field stay three things", () => {
  expectSame([{ a: 1, b: null }, { a: 1, b: undefined }, { a: 1 }, { a: 1, b: 2 }]);
  expectSame([null, undefined, null]);
  expectSame([null]);
  expectSame([{}, { a: undefined }, {}]);
});

test("records of many shapes keep their order", () => {
  expectSame(Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? { a: i } : i % 3 === 1 ? { b: i, a: "x" } : `text ${i}`)));
  expectSame(Array.from({ length: 300 }, (_, i) => ({ [`key-${i}`]: i })));
});

test("Dates, bytes, bigints, Maps, Sets, errors, regular expressions and typed arrays keep their types", () => {
  const rich = (i: number) => ({
    at: new Date(1_700_000_000_000 + i), bad: new Date(Number.NaN), buffer: Buffer.from([i, 2]), bytes: new Uint8Array([i]), big: BigInt(i) * 10n ** 30n,
    small: BigInt(-i), map: new Map<unknown, unknown>([["k", { i }], [{ key: i }, new Set([i])]]), set: new Set([i, "x"]), pattern: /a+/gi,
    floats: new Float32Array([0.5, i]), error: new RangeError(`no ${i}`),
  });
  const [first] = roundTrip([rich(1), rich(2), rich(3)]) as [ReturnType<typeof rich>];
  expect(first).toStrictEqual(rich(1));
  expect(Buffer.isBuffer(first.buffer)).toBe(true);
  expect(Buffer.isBuffer(first.bytes)).toBe(false);
});

test("a huge bigint survives", () => {
  expectSame([2n ** 100_000n, -(3n ** 5_000n), 0n]);
});

test("bytes that arrive are copies: changing them changes neither the frame nor another record", () => {
  const frame = encodeBatch([{ bytes: Buffer.from("ab") }, { bytes: Buffer.from("cd") }]);
  const [first, second] = decodeBatch(frame) as { bytes: Buffer }[];
  first!.bytes.fill(0);
  expect(second!.bytes.toString()).toBe("cd");
  expect((decodeBatch(frame) as { bytes: Buffer }[])[0]!.bytes.toString()).toBe("ab");
});

test("fields called __proto__, constructor or hasOwnProperty are fields like any other", () => {
  const names = ["__proto__", "constructor", "hasOwnProperty", "toString", "1", "a b", '"', "\u2028", "${x}", "]: 1 }; evil(); ({"];
  const make = (i: number) => {
    const made: Record<string, unknown> = {};
    for (const name of names) Object.defineProperty(made, name, { value: i, writable: true, enumerable: true, configurable: true });
    return made;
  };
  for (const count of [1, 2, 100]) {
    const arrived = roundTrip(Array.from({ length: count }, (_, i) => make(i))) as object[];
    for (const [i, each] of arrived.entries()) {
      expect(Object.entries(each)).toEqual(Object.entries(make(i)));
      expect(Object.getPrototypeOf(each)).toBe(Object.prototype);
    }
  }
  expect(({} as Record<string, unknown>)["1"]).toBeUndefined();
});

test("all objects of one shape share a hidden class, also from batch to batch", () => {
  setFlagsFromString("--allow-natives-syntax");
  // oxlint-disable-next-line typescript/no-implied-eval -- % is no syntax of a module
  const haveSameMap = new Function("a", "b", "return %HaveSameMap(a, b)") as (a: unknown, b: unknown) => boolean;
  setFlagsFromString("--no-allow-natives-syntax");
  const batches = [0, 1, 2].map((k) => roundTrip(Array.from({ length: 64 }, (_, i) => ({ x: i + k, y: `s${i}` }))));
  for (const batch of batches) for (const each of batch) expect(haveSameMap(each, batches[0]![0])).toBe(true);
  expect(haveSameMap({ x: 1 }, batches[0]![0])).toBe(false);
});

test("a field that changes its type in the middle of a stream is followed", () => {
  for (const value of [1, 2.5, "text", null, { deep: 1 }, [1], 3n, undefined, true, 7]) {
    expectSame(Array.from({ length: 100 }, (_, i) => ({ i, value })));
  }
  expectSame(Array.from({ length: 100 }, (_, i) => ({ i, value: i < 99 ? i : "last" })));
});

test("class instances arrive as plain objects of their own fields", () => {
  class Money { readonly cents: number; currency = "EUR"; constructor(cents: number) { this.cents = cents; } get euros() { return this.cents / 100; } toJSON() { return "no"; } }
  expect(roundTrip([new Money(5), { price: new Money(6) }, { list: [new Money(7)] }, { map: new Map([[1, new Money(8)]]) }])).toStrictEqual([
    { cents: 5, currency: "EUR" }, { price: { cents: 6, currency: "EUR" } }, { list: [{ cents: 7, currency: "EUR" }] },
    { map: new Map([[1, { cents: 8, currency: "EUR" }]]) },
  ]);
  expect(roundTrip([new String("a"), new Number(1), { b: new Boolean(false) }])).toStrictEqual(["a", 1, { b: false }]);
});

test("instances of a registered class stay instances, at any depth and inside a Map", () => {
  class Point { x: number; y: number; constructor(x: number, y: number) { this.x = x; this.y = y; } }
  class Celsius { readonly #degrees: number; constructor(degrees: number) { this.#degrees = degrees; } get degrees() { return this.#degrees; } }
  registerType(Point);
  registerType(Celsius, { name: "temperature", toPlain: (t) => t.degrees, fromPlain: (degrees: number) => new Celsius(degrees) });
  const records = [new Point(1, 2), { at: new Point(3, 4), t: new Celsius(21) }, new Map([["p", new Point(5, 6)]])];
  const arrived = roundTrip(records) as [Point, { at: Point; t: Celsius }, Map<string, Point>];
  expect(arrived[0]).toStrictEqual(new Point(1, 2));
  expect(arrived[1].at).toBeInstanceOf(Point);
  expect(arrived[1].t.degrees).toBe(21);
  expect(arrived[2].get("p")).toStrictEqual(new Point(5, 6));
});

test("an instance of a class that is not registered here is refused by its name", () => {
  class Here { a = 1; }
  registerType(Here, { name: "sent-only-there" });
  const bytes = Buffer.from(encodeBatch([new Here()]));
  bytes.write("sent-only-thers", bytes.indexOf("sent-only-there"));
  expect(() => decodeBatch(bytes)).toThrow(expect.objectContaining({ code: "SAGE_UNKNOWN_TYPE", message: expect.stringContaining("sent-only-thers") }));
});

test("a function, symbol or promise is refused with its path, on every way a batch can take", () => {
  const refused: [unknown[], string][] = [
    [[() => 1], "records[0]"],
    [[{ a: 1 }, { a: 1, b: { "on click": () => 1 } }], 'records[1].b["on click"]'],
    [[{ tags: ["x", Symbol("s")] }], "records[0].tags[1]"],
    [[{ later: Promise.resolve() }], "records[0].later"],
    [[{ map: new Map([["k", { f() {} }]]) }], "records[0].map.values()[0].f"],
    [[{ set: new Set([1, () => 1]) }], "records[0].set.values()[1]"],
    [[{ link: new URL("http://a.example/") }], "records[0].link"],
    [[new (class { handler = () => 1; })()], "records[0].handler"],
  ];
  for (const [records, path] of refused) {
    expect(() => encodeBatch(records)).toThrow(expect.objectContaining({ code: "SAGE_UNSERIALIZABLE", path }));
  }
  expectSame([{ a: 1 }]); // and the codec goes on
});

test("subclasses of Map and Set, and those of another realm, arrive with their content", () => {
  class Counts extends Map<string, number> {}
  const foreign = runInNewContext("new Map([[1, new Set([new Date(5), new String('b')])]])") as unknown;
  const plain = new Map([[1, new Set([new Date(5), "b"])]]);
  expect(roundTrip([new Counts([["a", 1]]), { foreign }, new Map([["in", new Counts([["a", 1]])]])])).toStrictEqual([
    new Map([["a", 1]]), { foreign: plain }, new Map([["in", new Map([["a", 1]])]]),
  ]);
});

test("data that contains itself keeps its cycles", () => {
  interface Tree { name: string; parent?: Tree; children: Tree[] }
  const root: Tree = { name: "root", children: [] };
  for (let i = 0; i < 10; i++) root.children.push({ name: `child ${i}`, parent: root, children: [] });
  const [arrived] = roundTrip([root]) as [Tree];
  expect(arrived.children[7]!.parent).toBe(arrived);
  const loop: unknown[] = [1];
  loop.push(loop);
  const [again] = roundTrip([loop]) as [unknown[]];
  expect(again[1]).toBe(again);
});

test("deep nesting survives", () => {
  let deep: unknown = "bottom";
  for (let i = 0; i < 500; i++) deep = i % 2 === 0 ? { deep } : [deep];
  expect(roundTrip([deep])).toEqual([deep]);
});

test("objects of another realm and without a prototype arrive as plain objects", () => {
  expect(roundTrip([runInNewContext("({ a: [1, new Date(5), new Map([[1, 2]])] })")])).toEqual([{ a: [1, new Date(5), new Map([[1, 2]])] }]);
  expect(roundTrip([Object.assign(Object.create(null), { a: 1 })])).toStrictEqual([{ a: 1 }]);
});

test("headroom is left in front, and the rest is the batch", () => {
  const bytes = encodeBatch([{ a: 1 }], 9);
  expect(decodeBatch(bytes.subarray(9))).toEqual([{ a: 1 }]);
  expect(recordCountOf(bytes.subarray(9))).toBe(1);
});

test("a getter that encodes a batch of its own disturbs nothing", () => {
  const nested = { a: 1, get b() { return encodeBatch([{ x: 1.5, y: "z" }]).length; } };
  expect(roundTrip([nested, nested])).toEqual([{ a: 1, b: nested.b }, { a: 1, b: nested.b }]);
});

test("wide objects and objects used as maps survive", () => {
  const wide = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`field ${i}`, i]));
  expectSame([wide, wide]);
  for (let batch = 0; batch < 60; batch++) expectSame(Array.from({ length: 200 }, (_, i) => ({ [`${batch}/${i}`]: i, ["z".repeat(i)]: 1 })));
});
