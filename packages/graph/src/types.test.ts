// The API's types, judged by the compiler itself: `type-tests/` says which lines must fail, and how.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../type-tests");
const root = join(folder, "../../..");
let reported: Map<string, string>;

/** `file:line` → error code, as the compiler says. */
async function compilerErrors(): Promise<Map<string, string>> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [tsc, "-b", folder, "--pretty", "false"], { cwd: folder }, (_error, stdout) => resolve(stdout));
  });
  const lines = [...output.matchAll(/([\w-]+\.ts)\((\d+),\d+\): error (TS\d+)/g)];
  return new Map(lines.toReversed().map(([, file, line, code]) => [`${file}:${line}`, code!]));
}

function markedLines(file: string): { at: string; code: string; source: string }[] {
  return readFileSync(join(folder, file), "utf8").split("\n").flatMap((line, index) => {
    const code = /\/\/ error (TS\d+)$/.exec(line)?.[1];
    return code ? [{ at: `${file}:${index + 1}`, code, source: line.replace(/; \/\/ error.*/, "") }] : [];
  });
}

beforeAll(async () => {
  reported = await compilerErrors();
}, 120_000);

describe("does not compile:", () => {
  test.each(markedLines("must-not-compile.ts"))("$source", ({ at, code }) => {
    expect(reported.get(at)).toBe(code);
  });
});

test("nothing else in the type tests is refused: the API infers every type that it promises", () => {
  const expected = new Set(markedLines("must-not-compile.ts").map(({ at }) => at));
  expect([...reported.keys()].filter((at) => !expected.has(at))).toEqual([]);
});
