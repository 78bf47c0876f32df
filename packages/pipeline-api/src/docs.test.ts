// The examples of `docs/event-time.md` and `docs/state.md` print what the page says.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));
const page = ["event-time", "state"].map((name) => readFileSync(join(here, `../../../docs/${name}.md`), "utf8")).join("\n");
const examples = [...page.matchAll(/```ts\n(.*?)```\n\n```text\n(.*?)```/gs)].map(([, program, printed]) => ({
  program: program!, printed: printed!, name: /LocalEnvironment\("(.*?)"\)/.exec(program!)![1]!,
}));

test("every example has what it prints under it", () => {
  expect(examples.length).toBeGreaterThan(0);
  expect(page.match(/```ts/g)).toHaveLength(examples.length);
});

test.each(examples)("$name prints what the page says", async ({ program, printed }) => {
  const dir = await mkdtemp(join(here, "../fixtures/tmp-docs-"));
  try {
    const main = join(dir, "main.ts");
    await writeFile(main, program);
    const outfile = join(dir, "main.mjs");
    const require = `import { createRequire as _r } from "node:module"; const require = _r(import.meta.url);`;
    await build({ entryPoints: [main], outfile, bundle: true, format: "esm", platform: "node", target: "node20", conditions: ["sage-source"], external: ["esbuild", "libsql"], banner: { js: require }, logLevel: "error" });
    const output = await new Promise<string>((resolve) => execFile(process.execPath, [outfile], { cwd: dir }, (error, stdout, stderr) => resolve(error ? stderr : stdout)));
    expect(output).toBe(printed);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
