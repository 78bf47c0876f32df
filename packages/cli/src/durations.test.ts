import { expect, test } from "vitest";
import { showCount, showDuration, toRfc3339 } from "./durations.ts";
import { addPair, parseDuration, parseInteger } from "./options.ts";

test("durations are shown in the two units that matter", () => {
  expect([0, 999, 1_000, 59_940, 59_960, 185_000, 7_440_000, 266_400_000, undefined].map((ms) => showDuration(ms))).toEqual([
    "0ms", "999ms", "1.0s", "59.9s", "1m 00s", "3m 05s", "2h 04m", "3d 02h", "-",
  ]);
});

test("counts are shown whole while they are short", () => {
  expect([0, 9_999, 12_345, 4_500_000, 1_200_000_000].map(showCount)).toEqual(["0", "9999", "12.3k", "4.5M", "1.2G"]);
});

test("a time that is not yet is null", () => {
  expect([toRfc3339(0), toRfc3339(undefined), toRfc3339(1_700_000_000_000)]).toEqual([null, null, "2023-11-14T22:13:20.000Z"]);
});

test("durations are read with their unit alone", () => {
  expect([parseDuration("500ms", "--x"), parseDuration("1.5h", "--x"), parseDuration("7d", "--x")]).toEqual([500, 5_400_000, 604_800_000]);
  for (const text of ["5", "h", "-1s", "1 s", "1y", "1e3s"]) expect(() => parseDuration(text, "--x")).toThrow(/--x: .* is not a duration/);
});

test("whole numbers say their range", () => {
  expect(parseInteger("19001", "--port", 1, 65_535)).toBe(19_001);
  expect(() => parseInteger("70000", "--port", 1, 65_535)).toThrow('--port: "70000" is not a whole number from 1 to 65535');
  for (const text of ["", "1.5", "0x10", "1e3", "ten"]) expect(() => parseInteger(text, "--n")).toThrow(/whole number/);
});

test("pairs keep the equals signs of their value, and no key reaches a prototype", () => {
  const pairs = addPair("__proto__=1", addPair("a=b=c", {}, "--param"), "--param");
  expect(Object.entries(pairs)).toEqual([["a", "b=c"], ["__proto__", "1"]]);
  for (const text of ["a", "=b", ""]) expect(() => addPair(text, {}, "--param")).toThrow(/is not KEY=VALUE/);
});
