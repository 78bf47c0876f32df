import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { SourceMap } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { bundleProgram, type ProgramBundle } from "./bundle.ts";

async function project(files: Record<string, string>) {
  const dir = await realpath(await mkdtemp(join(tmpdir(), "sage-bundle-")));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return {
    dir,
    bundle: (entry: string) => bundleProgram(join(dir, entry)),
    run: async (bundle: ProgramBundle) => {
      const path = join(dir, `out-${bundle.hash.slice(0, 8)}.mjs`);
      await writeFile(path, bundle.code);
      await writeFile(join(dir, "program.mjs.map"), bundle.sourceMap);
      return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Record<string, unknown>;
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  };
}

const manifest = JSON.stringify({ name: "app", type: "module" });
const sourcesOf = (bundle: ProgramBundle) => (JSON.parse(Buffer.from(bundle.sourceMap).toString()) as { sources: string[] }).sources;

test("a TypeScript program with imports, an enum and top-level await becomes one module that runs", async () => {
  await using app = await project({
    "package.json": manifest,
    "src/main.ts": `import { double } from "./lib.ts"; enum Size { Small = 1, Large = 21 } export const answer: number = await Promise.resolve(double(Size.Large));`,
    "src/lib.ts": `export const double = (n: number): number => n * 2;`,
  });
  expect(await app.run(await app.bundle("src/main.ts"))).toMatchObject({ answer: 42 });
});

test("the same sources give the same bytes, in another folder and from another working directory", async () => {
  const files = { "package.json": manifest, "src/main.ts": `import { a } from "./a.ts"; export class Parse { a = a; }`, "src/a.ts": "export const a = import.meta.url;" };
  await using here = await project(files);
  await using there = await project(files);
  const cwd = process.cwd();
  const first = await here.bundle("src/main.ts");
  let second: ProgramBundle;
  try {
    process.chdir(tmpdir());
    second = await there.bundle("src/main.ts");
  } finally {
    process.chdir(cwd);
  }
  expect(second.hash).toBe(first.hash);
  expect(second.sourceMapHash).toBe(first.sourceMapHash);
});

test("no directory of this machine is in the code or the map, and the last line names the map", async () => {
  await using app = await project({ "package.json": manifest, "main.ts": `import { a } from "./lib/a.ts"; export const b = a + 1;`, "lib/a.ts": "export const a = 1;" });
  const bundle = await app.bundle("main.ts");
  const text = Buffer.from(bundle.code).toString() + Buffer.from(bundle.sourceMap).toString();
  expect(text).not.toContain(app.dir);
  expect(text).not.toContain(tmpdir());
  expect(sourcesOf(bundle)).toEqual(["lib/a.ts", "main.ts"]);
  expect(Buffer.from(bundle.code).toString().trimEnd().endsWith("//# sourceMappingURL=program.mjs.map")).toBe(true);
});

test("inside a workspace, sources are named from the workspace's root", async () => {
  await using app = await project({ "pnpm-workspace.yaml": "packages: ['apps/*']", "package.json": manifest, "apps/x/package.json": manifest, "apps/x/main.ts": "export const a = 1;" });
  expect(sourcesOf(await app.bundle("apps/x/main.ts"))).toEqual(["apps/x/main.ts"]);
});

test("a CommonJS package that requires Node's modules and uses __dirname works, beside a user's own `require`", async () => {
  await using app = await project({
    "package.json": manifest,
    "main.ts": `import { createRequire } from "node:module"; import old from "old"; const require = createRequire(import.meta.url); export const all = [old.sep, typeof old.dir, typeof require("node:fs").readFileSync];`,
    "node_modules/old/package.json": JSON.stringify({ name: "old", main: "index.js" }),
    "node_modules/old/index.js": `const path = require("path"); exports.sep = path.posix.sep; exports.dir = __dirname;`,
  });
  expect(await app.run(await app.bundle("main.ts"))).toMatchObject({ all: ["/", "string", "function"] });
});

test("the map leads from a line of the bundle to the user's, also where lines were added in front", async () => {
  await using app = await project({
    "package.json": manifest,
    "main.ts": `import old from "old";\nexport function fail(): never {\n  throw new Error("here" + old.sep);\n}\n`,
    "node_modules/old/package.json": JSON.stringify({ name: "old", main: "index.js" }),
    "node_modules/old/index.js": `exports.sep = require("path").sep;`,
  });
  const bundle = await app.bundle("main.ts");
  const lines = Buffer.from(bundle.code).toString().split("\n");
  expect(lines[0]).toContain("createRequire");
  const line = lines.findIndex((text) => text.includes('throw new Error("here"'));
  const map = new SourceMap(JSON.parse(Buffer.from(bundle.sourceMap).toString()) as ConstructorParameters<typeof SourceMap>[0]);
  expect(map.findEntry(line, lines[line]!.indexOf("throw"))).toMatchObject({ originalSource: "main.ts", originalLine: 2, originalColumn: 2 });
});

test("classes of one name in two files keep their names, and a default export is called so", async () => {
  await using app = await project({
    "package.json": manifest,
    "main.ts": `import { Parse as Other } from "./other.ts"; import Third from "./third.ts"; export class Parse {} export const names = [Parse.name, Other.name, Third.name];`,
    "other.ts": "export class Parse {}",
    "third.ts": "export default class {}",
  });
  expect(await app.run(await app.bundle("main.ts"))).toMatchObject({ names: ["Parse", "Parse", "default"] });
});

test("without such names, functions are left as they are: naming a closure costs more than calling it", async () => {
  await using app = await project({ "package.json": manifest, "main.ts": "export class Sum { of(a: number[]) { const add = (x: number, y: number) => x + y; return a.reduce(add); } }" });
  expect(Buffer.from((await app.bundle("main.ts")).code).toString()).not.toContain("__name");
});

test("a program finds the files beside its source through import.meta, when its project is on the machine", async () => {
  await using app = await project({
    "package.json": manifest, "src/data.txt": "hello",
    "src/main.ts": `#!/usr/bin/env node\nimport { readFileSync } from "node:fs"; export const text = readFileSync(new URL("./data.txt", import.meta.url), "utf8"); export const found = import.meta.resolve("dep/x.txt");`,
    "node_modules/dep/package.json": JSON.stringify({ name: "dep" }), "node_modules/dep/x.txt": "",
  });
  const bundle = await app.bundle("src/main.ts");
  process.env["PIPELINE_PROJECT_DIR"] = bundle.projectDir;
  try {
    expect(await app.run(bundle)).toMatchObject({ text: "hello", found: pathToFileURL(join(app.dir, "node_modules/dep/x.txt")).href });
  } finally {
    delete process.env["PIPELINE_PROJECT_DIR"];
  }
});

test("packages with native code stay outside and are named in a warning", async () => {
  await using app = await project({
    "package.json": manifest, "main.ts": `import { a } from "direct"; import { b } from "loaded"; import { d } from "chosen"; export const c = [a, b, d];`,
    "node_modules/chosen/package.json": JSON.stringify({ name: "chosen", main: "i.js", optionalDependencies: { "@chosen/linux-x64": "1" } }), "node_modules/chosen/i.js": "exports.d = 1;",
    "node_modules/direct/package.json": JSON.stringify({ name: "direct", main: "i.js" }), "node_modules/direct/i.js": `exports.a = require("./build/x.node");`,
    "node_modules/loaded/package.json": JSON.stringify({ name: "loaded", main: "i.js", dependencies: { "node-gyp-build": "4" } }), "node_modules/loaded/i.js": "exports.b = 1;",
  });
  const bundle = await app.bundle("main.ts");
  expect(bundle.externals).toEqual(["chosen", "direct", "loaded"]);
  expect(bundle.warnings[0]).toContain("chosen, direct, loaded: packages with native code");
  expect(Buffer.from(bundle.code).toString()).toMatch(/from "direct"[\s\S]*from "loaded"/);
});

test("a mistake in the program is shown with file, line, column and a mark", async () => {
  await using app = await project({ "package.json": manifest, "src/main.ts": `const a = 1;\nimport { b } from "./missing.ts";\nconst c = a +;\n` });
  const error = (await app.bundle("src/main.ts").catch((caught: unknown) => caught)) as Error & { code: string; problems: unknown[] };
  expect(error).toMatchObject({ code: "SAGE_BUNDLE_FAILED", problems: [{ file: "src/main.ts", line: 3, column: 14 }] });
  expect(error.message).toContain("src/main.ts:3:14: Unexpected \";\"\n    3 | const c = a +;\n      |              ^");
});

test("an entry that does not exist is named", async () => {
  await expect(bundleProgram("/nowhere/main.ts")).rejects.toMatchObject({ code: "SAGE_ENTRY_NOT_FOUND" });
});

test("a program in a folder where nothing is installed takes @sage/pipeline from the given folder; its own goes before", async () => {
  const installed = (text: string) => ({ "node_modules/@sage/pipeline/package.json": JSON.stringify({ name: "@sage/pipeline", type: "module", exports: "./index.js" }), "node_modules/@sage/pipeline/index.js": `export const from = ${JSON.stringify(text)};` });
  await using tool = await project(installed("the tool"));
  const main = { "main.ts": `export { from } from "@sage/pipeline";` };
  await using bare = await project(main);
  await using app = await project({ ...main, ...installed("the project") });
  await expect(bare.bundle("main.ts")).rejects.toMatchObject({ code: "SAGE_BUNDLE_FAILED", message: expect.stringContaining('Could not resolve "@sage/pipeline"') as string });
  expect(await bare.run(await bundleProgram(join(bare.dir, "main.ts"), tool.dir))).toMatchObject({ from: "the tool" });
  expect(await app.run(await bundleProgram(join(app.dir, "main.ts"), tool.dir))).toMatchObject({ from: "the project" });
  await expect(bundleProgram(join(bare.dir, "main.ts"), bare.dir)).rejects.toMatchObject({ problems: [{ file: "main.ts", line: 1 }] });
});
