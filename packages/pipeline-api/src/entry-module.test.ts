import { expect, test } from "vitest";
import { entryModule } from "./entry-module.ts";

const started = (main: string | undefined, more: { env?: NodeJS.ProcessEnv; execArgv?: string[] } = {}) =>
  ({ argv: main === undefined ? ["node"] : ["node", main], env: {}, execArgv: [], ...more });

test("the running program is the entry, unless another is named", () => {
  expect(entryModule(undefined, started("/app/main.ts"))).toBe("/app/main.ts");
  expect(entryModule("/app/pipeline.ts", started("/app/main.ts"))).toBe("/app/pipeline.ts");
});

test.each([
  ["vitest", started("/app/node_modules/vitest/vitest.mjs")],
  ["vitest's workers", started("/app/test.ts", { env: { VITEST: "true" } })],
  ["node --test", started("/app/a.test.js", { env: { NODE_TEST_CONTEXT: "child-v8" } })],
  ["node --eval, and a REPL", started(undefined)],
])("under %s nothing tells which module it is: an error asks for it", (_what, process) => {
  expect(() => entryModule(undefined, process)).toThrow(expect.objectContaining({ code: "SAGE_ENTRY_NEEDED", hint: expect.stringContaining("entry: new URL(") as string }));
  expect(entryModule("/app/pipeline.ts", process)).toBe("/app/pipeline.ts");
});
