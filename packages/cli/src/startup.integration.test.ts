import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { sageBin } from "./testing/sage-process.ts";

const packageDir = fileURLToPath(new URL("..", import.meta.url));

interface Metafile {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, unknown>>; readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[] }>>;
}

/** Every module that is loaded with the bundle's entry, without what a command loads later. */
function loadedAtStart(): { sources: string[]; externals: string[] } {
  const { outputs } = JSON.parse(readFileSync(`${packageDir}dist/sage.meta.json`, "utf8")) as Metafile;
  const [sources, externals, seen] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const input of Object.keys(outputs[file]!.inputs)) sources.add(input);
    for (const { path, kind, external } of outputs[file]!.imports) {
      if (kind === "dynamic-import") continue;
      if (external) externals.add(path.replace(/^node:/, ""));
      else visit(path);
    }
  };
  visit("dist/sage.mjs");
  return { sources: [...sources], externals: [...externals] };
}

test("`sage --help` loads the table of commands, commander and picocolors, and no other package", () => {
  const { sources, externals } = loadedAtStart();
  const packages = new Set(sources.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  expect([...packages].toSorted()).toEqual(["commander", "picocolors"]);
  expect(sources.filter((path) => path.startsWith("../") && !/node_modules|^\.\.\/(?:core\/src|protocol\/src\/json)\//.test(path))).toEqual([]);
  expect(externals.filter((name) => ["esbuild", "libsql", "net", "http", "http2", "tls"].includes(name))).toEqual([]);
});

test("`sage --help` opens no file but the bundle's own", () => {
  // A loader hook in the process writes down every module that is resolved.
  const hook = `export async function resolve(name, context, next) { const found = await next(name, context); process._rawDebug("LOADED " + found.url); return found; }`;
  const register = `import { register } from "node:module"; register("data:text/javascript," + encodeURIComponent(${JSON.stringify(hook)}));`;
  const { stderr, stdout, status } = spawnSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(register)}`, sageBin, "--help"], { encoding: "utf8" });
  expect({ status, isHelp: stdout.startsWith("Usage: sage") }).toEqual({ status: 0, isHelp: true });
  const loaded = stderr.split("\n").filter((line) => line.startsWith("LOADED ")).map((line) => line.slice("LOADED ".length));
  expect(loaded.some((url) => url.endsWith("/dist/sage.mjs"))).toBe(true);
  expect(loaded.filter((url) => !url.startsWith("node:") && !/\/packages\/cli\/(bin|dist)\//.test(url))).toEqual([]);
});

test("help works without configuration, home or network", () => {
  const run = (...words: string[]) => spawnSync(process.execPath, [sageBin, ...words], { encoding: "utf8", env: { SAGE_CONFIG: "/nowhere", SAGE_DAEMON_PORT: "none" } });
  expect(run("--help")).toMatchObject({ status: 0, stderr: "" });
  expect(run("job", "list", "--help")).toMatchObject({ status: 0, stderr: "" });
  expect(run("--version")).toMatchObject({ status: 0, stdout: "0.1.0\n", stderr: "" });
});

test("a reader that goes away ends the command quietly; output that cannot be written is an error", () => {
  const shell = (line: string) => spawnSync("bash", ["-c", line], { encoding: "utf8", env: { ...process.env, SAGE_HOME: "/nowhere" } });
  const sage = `"${process.execPath}" "${sageBin}" config docs`;
  expect(shell(`${sage} | head -n 1`)).toMatchObject({ stdout: expect.stringMatching(/^Sage configuration.*\n$/), stderr: "" });
  expect(shell(`${sage} > /dev/full`)).toMatchObject({ status: 1, stderr: expect.stringMatching(/^error: the output cannot be written: ENOSPC.*\n$/) });
});
