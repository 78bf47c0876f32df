import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalKey } from "./canonical-key.ts";

test("primitives are their own Map keys, and -0 is 0", () => {
  const keys = ["", "a", 0, 1.5, Number.NaN, true, false, null, undefined, 5n];
  expect(keys.map(canonicalKey)).toEqual(keys);
  expect(Object.is(canonicalKey(-0), 0)).toBe(true);
  expect(canonicalKey(new String("a"))).toBe("a");
});

test("composites that are equal become one Map key", () => {
  expect(canonicalKey({ b: [1, null], a: new Date(3) })).toBe(canonicalKey({ a: new Date(3), b: [1, null] }));
  expect(canonicalKey([new String("a"), -0])).toBe(canonicalKey(["a", 0]));
});

test("composites that differ never meet, however their parts are cut", () => {
  const different = [
    [], [[]], [[], []], {}, [{}], ["a", "b"], ["ab"], ["a,b"], ["a", "b", ""], [1, 2], [12], ["1", "2"], [1n, 2n], { a: 1 }, { a: "1" },
    { a: undefined }, { a: null }, [undefined], [null], [Number.NaN], { a: 1, b: 2 }, { ab: 12 }, { "a:n1;b": 2 }, new Date(0), new Date(Number.NaN), [0], [true],
  ];
  expect(new Set(different.map(canonicalKey)).size).toBe(different.length);
});

test("no user's string is the key of a composite, not even the composite's own key", () => {
  const composite = canonicalKey(["a"]) as string;
  const again = canonicalKey(composite) as string;
  expect(again).not.toBe(composite);
  expect(canonicalKey(again)).not.toBe(again);
  expect(canonicalKey(again)).not.toBe(composite);
});

test("different strings stay different, whatever they start with", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (one, other) => {
    const [a, b] = [`\0${one}`, `\0${other}`];
    expect(canonicalKey(a) === canonicalKey(b)).toBe(a === b);
    expect(canonicalKey(a)).not.toBe(canonicalKey(one.startsWith("\0") ? "x" : one));
  }));
});
