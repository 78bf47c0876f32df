// The table of tests/README.md names tests that are there.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./sage.ts";

const text = readFileSync(join(root, "tests/README.md"), "utf8");
const rows = [...text.matchAll(/^\| ([FLI]\d+) \|[^|]*\| `([^`]+)`(?:: ([^|]+?))? (?:\([^|]*\) )?\|$/gm)].map(([, row, file = "", name]) => ({ row, file, name }));
const pathOf = (file: string) => join(root, file.startsWith("bench/") ? file : file.startsWith("e2e/") ? `tests/${file}` : `packages/${file.replace(/^JS\//, "jobmanager-server/src/").replace(/^RT\//, "runtime/src/")}`);

test("each row of the table of faults names a test that is there", () => {
  expect(rows.length).toBe(text.split("\n").filter((line) => /^\| [FLI]\d/.test(line)).length);
  expect(rows.filter(({ file, name }) => !existsSync(pathOf(file)) || (name !== undefined && !readFileSync(pathOf(file), "utf8").includes(name)))).toEqual([]);
});

test("each fault, load and input that jobs must survive has a row", () => {
  const wanted = [..."1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 24".split(" ").map((n) => `F${n}`), ..."123456".split("").map((n) => `L${n}`), ..."1 2 3 10 11 12".split(" ").map((n) => `I${n}`)];
  expect(wanted.filter((each) => !rows.some(({ row }) => row === each))).toEqual([]);
});
