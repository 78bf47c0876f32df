import { expect, test } from "vitest";
import { homedir } from "node:os";
import { userFrames, userStack } from "./stack.ts";
import { programSources, projectSources } from "./user-sources.ts";

const sources = projectSources("/home/me/project");

function withStack(error: Error, ...frames: string[]): Error {
  error.stack = [`${error.name}: ${error.message}`, ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return error;
}

test("frames are named relative to the project, without Node's and Sage's", () => {
  const error = withStack(new Error("boom"),
    "DoubleMap.execute (/home/me/project/lib/ops.ts:7:13)",
    "async Promise.all (index 0)",
    "chain (eval at compile (/opt/sage/worker.mjs:1:1), <anonymous>:3:5)",
    "helper (/home/me/project/node_modules/lodash/map.js:1:2)",
    "run (file:///home/me/project/node_modules/@sage/runtime/dist/engine.js:5:6)",
    "process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
    "/home/me/project/main.ts:3:1");
  expect(userStack(error, sources)).toBe(`Error: boom
    at DoubleMap.execute (lib/ops.ts:7:13)
    at helper (node_modules/lodash/map.js:1:2)
    at main.ts:3:1`);
});

test("where all frames are Sage's own, they are shown", () => {
  const error = withStack(new Error("boom"), "run (/home/me/project/node_modules/@sage/graph/dist/stream.js:5:6)");
  expect(userFrames(error, sources)).toEqual([{ call: "run", source: "node_modules/@sage/graph/dist/stream.js", line: 5, column: 6 }]);
});

test("causes follow, each once, also those of an AggregateError", () => {
  const root = withStack(new TypeError("root"), "f (/home/me/project/a.ts:1:1)");
  const middle = withStack(new Error("middle", { cause: root }), "g (/home/me/project/b.ts:2:2)");
  root.cause = middle;
  const several = new AggregateError([root, withStack(new Error("other"))], "several");
  several.stack = "AggregateError: several";
  expect(userStack(middle, sources)).toBe("Error: middle\n    at g (b.ts:2:2)\ncaused by: TypeError: root\n    at f (a.ts:1:1)");
  expect(userStack(several, sources)).toContain("caused by: TypeError: root");
  expect(userStack(several, sources)).toContain("caused by: Error: other");
});

test.each([
  ["text", "thrown: 'text'"], [undefined, "thrown: undefined"], [null, "thrown: null"], [{ code: 7 }, "thrown: { code: 7 }"], [Symbol("s"), "thrown: Symbol(s)"],
])("anything that is thrown has a text: %s", (thrown, text) => {
  expect(userStack(thrown, sources)).toBe(text);
});

test("no directory of this machine is named, also not in messages", () => {
  const error = withStack(new Error(`ENOENT: ${homedir()}/data.csv and /home/me/project/x.csv`), `read (${homedir()}/elsewhere/lib.ts:1:1)`);
  const text = userStack(error, sources);
  expect(text).not.toContain(homedir());
  expect(text).toContain("ENOENT: ~/data.csv and x.csv");
});

test("a message with lines that look like frames stays a message", () => {
  const error = new Error("first\n    at fake (/home/me/project/fake.ts:1:1)");
  error.stack = `Error: ${error.message}\n    at real (/home/me/project/real.ts:2:3)`;
  expect(userFrames(error, sources).map(({ call }) => call)).toEqual(["real"]);
});

test("frames of a bundle are mapped; those that the map does not know are dropped", () => {
  const map = { version: 3, file: "program.mjs", names: [], sources: ["src/main.ts", "../shared/lib.ts"], sourcesContent: ["const a = 1;\nfail(a);\n", null], mappings: "AAAA;AACA;ACDA" };
  const bundle = programSources("/tmp/p/program.mjs", JSON.stringify(map));
  expect(bundle.locate("/tmp/p/program.mjs", 2, 1)).toEqual({ source: "src/main.ts", line: 2, column: 1 });
  expect(bundle.locate("/tmp/p/src/main.ts", 9, 9)).toEqual({ source: "src/main.ts", line: 9, column: 9 });
  expect(bundle.locate("/tmp/shared/lib.ts", 1, 1)).toEqual({ source: "../shared/lib.ts", line: 1, column: 1 });
  expect(bundle.locate("/opt/sage/worker.mjs", 1, 1)).toBeUndefined();
  const error = withStack(new Error("failed"), "fail (file:///tmp/p/program.mjs:2:1)", "file:///opt/sage/worker.mjs:9:9");
  expect(userStack(error, bundle)).toBe("Error: failed\n    at fail (src/main.ts:2:1)\n\n    1 | const a = 1;\n  > 2 | fail(a);\n      | ^\n    3 | ");
});
