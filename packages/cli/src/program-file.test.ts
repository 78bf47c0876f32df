import { expect, test } from "vitest";
import { paramValues, programLabel } from "./program-file.ts";

test("parameters are numbers and booleans only where their text is exactly one", () => {
  expect(paramValues({ a: "5", b: "-1.5", c: "true", d: "007", e: "1.10", f: "", g: "1e400", h: "NaN", i: "0x10", j: "texts/*.txt" })).toEqual({
    a: 5, b: -1.5, c: true, d: "007", e: "1.10", f: "", g: "1e400", h: "NaN", i: "0x10", j: "texts/*.txt",
  });
});

test("a program is called by its file, or by its folder where every file has the same name", () => {
  expect(["words.ts", "a/b/words.mts", "examples/flights/main.ts", "x/index.js"].map(programLabel)).toEqual(["words", "words", "flights", "x"]);
});
