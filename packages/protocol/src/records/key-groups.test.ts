import { expect, test } from "vitest";
import { defaultMaxParallelism, instanceOf, keyGroupOf, keyGroupsOf } from "./key-groups.ts";

test("every key group belongs to exactly the instance whose range holds it", () => {
  for (const [max, parallelism] of [[128, 1], [128, 3], [128, 128], [100, 7], [32_768, 1_000], [5, 4]] as const) {
    for (let instance = 0; instance < parallelism; instance++) {
      const { first, last } = keyGroupsOf(instance, max, parallelism);
      for (let group = first; group <= last; group++) expect(instanceOf(group, max, parallelism)).toBe(instance);
    }
    expect(keyGroupsOf(0, max, parallelism).first).toBe(0);
    expect(keyGroupsOf(parallelism - 1, max, parallelism).last).toBe(max - 1);
  }
});

test("instances own key groups in even shares", () => {
  const sizes = Array.from({ length: 6 }, (_, i) => keyGroupsOf(i, 128, 6)).map(({ first, last }) => last - first + 1);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBe(1);
});

test("a key group is below the maximum parallelism, for the highest hash too", () => {
  expect(keyGroupOf(0xffffffff, 128)).toBe(127);
  expect(keyGroupOf(0, 128)).toBe(0);
});

test("the default number of key groups leaves room to grow, from 128 to 32,768", () => {
  expect([1, 85, 86, 100, 200, 1_000, 100_000].map(defaultMaxParallelism)).toEqual([128, 128, 256, 256, 512, 2_048, 32_768]);
});
