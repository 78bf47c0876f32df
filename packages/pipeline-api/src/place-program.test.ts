import { projectDirVariable } from "@sage/core";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, expect, test } from "vitest";
import { placeProgram } from "./place-program.ts";
import { useOwnTempDir } from "./testing/own-temp-dir.ts";

useOwnTempDir();
let dir = "";
beforeEach(() => { dir = tmpdir(); });

const bundleOf = (projectDir: string, externals: readonly string[] = []) => ({
  code: Buffer.from("export default 1;"), hash: "", sourceMap: Buffer.from('{"version":3,"sources":["src/main.ts"],"mappings":""}'), sourceMapHash: "",
  entry: join(projectDir, "src/main.ts"), projectDir, externals, warnings: [],
});

async function deadPid(): Promise<number> {
  const child = spawn("true");
  await once(child, "exit");
  return child.pid!;
}

test("the map names the sources where they lie, packages are found beside them, and all is gone behind it", async () => {
  await mkdir(join(dir, "project/node_modules/native"), { recursive: true });
  await mkdir(join(dir, "project/src"));
  await writeFile(join(dir, "project/node_modules/native/here"), "");
  const former = process.env[projectDirVariable];
  const program = await placeProgram(bundleOf(join(dir, "project"), ["native"]));
  expect(JSON.parse(await readFile(`${program.path}.map`, "utf8"))).toMatchObject({ sources: ["src/main.ts"], sourceRoot: `${pathToFileURL(join(dir, "project")).href}/` });
  await access(join(program.path, "../node_modules/native/here"));
  expect(process.env[projectDirVariable]).toBe(join(dir, "project"));
  await program[Symbol.asyncDispose]();
  expect(process.env[projectDirVariable]).toBe(former);
  expect(await readdir(dir)).toEqual(["project"]);
  await access(join(dir, "project/node_modules/native/here"));
});

test("a run removes what killed runs of this host have left, and nothing that may be in use", async () => {
  const pid = await deadPid();
  const here = `sage-run-${hostname()}`;
  const kept = [`${here}-${process.pid}-aBcDeF`, `sage-run-elsewhere-${pid}-aBcDeF`, `${here}-${pid}-file`, "sage-run-xyz"];
  for (const name of kept) if (!name.endsWith("file")) await mkdir(join(dir, name));
  await writeFile(join(dir, `${here}-${pid}-file`), "");
  await mkdir(join(dir, `${here}-${pid}-aBcDeF`, "deep"), { recursive: true });
  await using program = await placeProgram(bundleOf(dir));
  expect((await readdir(dir)).sort()).toEqual([...kept, basename(join(program.path, ".."))].sort());
});
