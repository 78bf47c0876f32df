import { expect, test } from "vitest";
import { csvValues } from "./csv-values.ts";

test("an empty field of a typed column is null", () => {
  for (const read of Object.values(csvValues)) expect(read("", "c")).toBeNull();
});

test("numbers are read as JavaScript writes them; anything else is refused by column", () => {
  expect(["1", "-2.5", "1e3", "NaN"].map((field) => csvValues.number(field, "c"))).toEqual([1, -2.5, 1000, NaN]);
  for (const field of ["1,5", "x", " "]) expect(() => csvValues.number(field, "delay")).toThrow('column "delay" holds');
});

test("booleans are true, false, 1 and 0 in any case", () => {
  expect(["true", "FALSE", "1", "0"].map((field) => csvValues.boolean(field, "c"))).toEqual([true, false, true, false]);
  expect(() => csvValues.boolean("yes", "c")).toThrow("not true, false, 1 or 0");
});

test("a date without a zone is UTC, so that it is the same on every host", () => {
  const texts = ["2001-01-02", "2001-01-02 03:04", "2001-01-02T03:04:05.678", "2001-01-02T03:04:05Z", "2001-01-02 05:04:05+0200"];
  expect(texts.map((text) => (csvValues.date(text, "c") as Date).toISOString())).toEqual([
    "2001-01-02T00:00:00.000Z",
    "2001-01-02T03:04:00.000Z",
    "2001-01-02T03:04:05.678Z",
    "2001-01-02T03:04:05.000Z",
    "2001-01-02T03:04:05.000Z",
  ]);
  for (const text of ["01/02/2001", "2001-13-01", "2001", "yesterday"]) expect(() => csvValues.date(text, "c")).toThrow();
});
