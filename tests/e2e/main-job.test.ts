// The README's first command, and the flights table against a program that knows nothing of Sage.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root, SageHome } from "./sage.ts";
import { onePass } from "./one-pass-flights.mjs";

const parquet = join(root, "examples/flights/node_modules/vega-datasets/data/flights-3m.parquet");
let scratch: string;
let expected: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "sage-flights-"));
  expected = await onePass(parquet);
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** Processes whose command line names one of this clone's daemon or worker bundles. */
async function sageProcesses(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (/(daemon|worker)\.mjs/.test(command) && command.includes(root)) found.push(command.replaceAll("\0", " "));
  }
  return found;
}

test("the demo runs both jobs on a daemon, lists them as completed, and leaves no process behind", async () => {
  const out = join(scratch, "remote");
  const before = new Set(await sageProcesses());
  const { code, stdout, stderr } = await new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [join(root, "scripts/demo.mjs"), out], { cwd: root, env: { ...process.env, NO_COLOR: "1" }, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }));
  });
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  for (const value of [0, 2, 4, 6, 8]) expect(stdout).toMatch(new RegExp(`PrintSink\\[0\\] \\[remote\\] ${value}$`, "m"));
  expect(stdout).toContain("final status: completed");
  expect(stdout.match(/^.*\b(remote_batch_demo|flights)\b.*\bcompleted\b.*$/gm)).toHaveLength(2);
  expect(await readFile(join(out, "delays.csv"), "utf8")).toBe(expected);
  expect(await readFile(join(out, "delays.svg"), "utf8")).toMatch(/^<svg .*<\/svg>\n$/s);
  expect((await sageProcesses()).filter((each) => !before.has(each))).toEqual([]);
});

test("the same flights file, embedded, writes the same bytes", async () => {
  await using home = await SageHome.make();
  const out = join(scratch, "embedded");
  const { code, stderr } = await home.sage("run", "examples/flights/main.ts", "--param", `out=${out}`);
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  expect(await readFile(join(out, "delays.csv"), "utf8")).toBe(expected);
});
