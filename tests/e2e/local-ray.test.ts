// `LocalEnvironment(name, { ray: "auto" })` in a script that a user runs: a Ray is started where none runs, and nothing of it
// is left when the script has ended, however that was.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { markedProcesses } from "../../packages/ray-control/src/testing/ray-head.ts";
import { newestRay, rayVenv } from "../../packages/ray-control/src/testing/ray-venv.ts";
import { isRunning, until } from "../../packages/ray-control/src/testing/until.ts";
import { root, SageHome } from "./sage.ts";

const program = "tests/e2e/programs/local-ray.ts";

let home: SageHome;
let env: Record<string, string>;
beforeAll(async () => {
  home = await SageHome.make();
  // All that this Ray starts carries the mark; its workers of ours tell their pids.
  env = { SAGE_RAY_COMMAND: join(await rayVenv(newestRay), "bin/ray"), SAGE_TEST_RAY_HEAD: home.folder, SAGE_HOME: home.folder, NO_COLOR: "1" };
}, 300_000);
afterAll(() => home?.[Symbol.asyncDispose]());

async function requireNothingLeft(pids: readonly number[]): Promise<void> {
  for (const pid of pids) await until(`process ${pid} is gone`, async () => !(await isRunning(pid)));
  await until("no process of Ray is left", async () => (await markedProcesses(home.folder)).length === 0);
}

test("the script's service and operator run on a Ray of its own, which is gone when it has closed its environment", { timeout: 240_000 }, async () => {
  const ran = await home.sageWith(env, "run", program);
  expect([ran.code, ran.stderr]).toEqual([0, expect.not.stringContaining("rror")]);
  expect((ran.stdout.match(/got \d+/g) ?? []).toSorted(), ran.stdout).toEqual(["got 2", "got 4", "got 6"]);
  expect(ran.stdout).toMatch(/service cleaned up[^]*the job has completed, and the environment is closed/);
  await requireNothingLeft([Number(/service (\d+) set up/.exec(ran.stdout)?.[1])]);
});

test("when the script is killed in the middle of a call, its workers end, and so does its Ray", { timeout: 240_000 }, async () => {
  const child = spawn(process.execPath, [join(root, "scripts/sage.mjs"), "run", program, "--param", "hold=true"], { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const pids: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const pid = /(?:service|operator) (\d+) (?:set up|holds)/.exec(line)?.[1];
    if (pid !== undefined) pids.push(Number(pid));
    if (line.endsWith("holds")) break;
  }
  expect(pids).toHaveLength(2);
  child.kill("SIGKILL");
  await exited;
  await requireNothingLeft(pids);
});
