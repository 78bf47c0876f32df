// Every source and operator: the same results in this process, in worker processes and on a daemon; and the README of
// @sage/pipeline shows the very program that is run here.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lastJson, root, SageHome } from "./sage.ts";

let home: SageHome;
beforeAll(async () => {
  home = await SageHome.make();
  await home.startDaemon();
});
afterAll(() => home[Symbol.asyncDispose]());

const file = "tests/e2e/programs/operators.ts";
const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const expected = {
  polled: ["a", "b"], generated: [1, 2], given: [1, 2, null], awaited: ["x", null],
  lines: [1, 2, 3, 4, 5], table: [{ city: "Bruges, old", people: 118 }, { city: "Gent", people: 265 }], text: ["", "fünf 🎈", "one two"],
  mapped: [0, 12, 18, 24, 6],
  repeated: [1, 2, 2], fetched: digits, hasty: digits,
  running: [0, 1, 12, 15, 18, 2, 3, 5, 7, 9], totals: [12, 15, 18], counts: [[0, 5], [1, 5]],
  ranked: ["0:1", "0:2", "0:3", "0:4", "0:5", "1:1", "1:2", "1:3", "1:4", "1:5"], large: ["large 8", "large 9"],
  merged: [0, 1, 100, 2, 3, 4, 5, 6, 7, 8, 9], either: ["n1", "n2", "ta"], inline: ["a", 1],
  joined: ["1:Ann", "1:Ann"], left: ["1:Ann", "1:Ann", "2:nobody"], loop: [0, 0, 1, 1, 2, 2, 4],
  skipped: digits.filter((n) => n !== 2), lettered: digits.filter((n) => n !== 2), retried: digits.filter((n) => n !== 2),
};
const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).toSorted().map((text) => JSON.parse(text) as unknown);

test.each([
  ["in this process", 1, ["--local", "--parallelism", "1"]],
  ["in worker processes", 2, ["--local"]],
  ["on a daemon", 2, ["--remote"]],
])("every operator gives its results %s", async (_where, parallelism, options) => {
  const ran = await home.sage("run", file, ...options, ...(options.includes("--remote") ? home.daemon : []));
  expect({ code: ran.code, stderr: ran.code === 0 ? "" : ran.stderr }).toEqual({ code: 0, stderr: "" });
  const { before, after, rows } = lastJson(ran) as { before: unknown; after: unknown; rows: Record<string, unknown[]> };
  expect([before, after]).toEqual([[true, "not-submitted"], ["completed", "completed", true]]);
  const spelled = "891011121314151617".split("").toSorted();
  const copies = Array.from({ length: parallelism }, () => "to all");
  expect(Object.fromEntries(Object.entries(rows).map(([name, found]) => [name, sorted(found)]))).toEqual({ ...expected, spelled, copies });
  expect(ran.stdout).toMatch(/saw 10$/m);
  expect(ran.stdout).toMatch(/seven: +7$/m);
  expect(ran.stderr + ran.stdout).toMatch(/dead letter: record \d/);
  if (parallelism === 1) expect([rows["fetched"], rows["mapped"], rows["given"]]).toEqual([digits, [0, 6, 12, 18, 24], [1, null, 2]]); // in order
});

test("the README shows the program that runs here", async () => {
  const program = (await readFile(join(root, file), "utf8")).split("// --- README\n")[1]!.trim();
  const readme = await readFile(join(root, "packages/pipeline-api/README.md"), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${program}\n\`\`\``);
});
