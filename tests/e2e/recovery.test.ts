// Jobs whose workers die at every step of a checkpoint write the ledger of a run without faults: each record once.

import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mistakesOf, shapeNames } from "./ledger-shapes.ts";
import { lastJson, SageHome } from "./sage.ts";

let home: SageHome;
let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "sage-ledger-"));
  home = await SageHome.make();
  await home.startDaemon();
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

const limit = 3_000;

async function check(shape: string, out: string, count = limit): Promise<void> {
  expect(await mistakesOf(shape, out, count)).toEqual([]);
}

const steps = ["barrier@2", "preparing@2", "prepared@1", "acknowledged@2", "committing@1", "committed@2"];
const dying = new Set(["chain", "keyed", "layers", "union", "fanout"]); // shapes with an operator that dies at its barrier

test.each(shapeNames.flatMap((shape, i) => [1, 2, 5].map((parallelism, j) => [shape, parallelism, steps[(i * 3 + j) % steps.length]!] as const))
  .map(([shape, parallelism, kill]) => [shape, parallelism, kill.startsWith("barrier") && !dying.has(shape) ? "prepared@2" : kill] as const))(
  "%s with parallelism %i, whose worker dies at %s, writes each record once", async (shape, parallelism, kill) => {
    const out = join(dir, `${shape}-${parallelism}`);
    const ran = await home.sage("run", "tests/e2e/programs/ledger.ts", "--remote", ...home.daemon, "--parallelism", String(parallelism),
      ...paramsOf({ out, shape, limit, kill }));
    expect(ran.code, ran.stderr).toBe(0);
    expect(lastJson(ran)).toEqual({ status: "completed" });
    expect(existsSync(`${out}.killed`)).toBe(true); // else nothing was shown
    await check(shape, out);
  });

const paramsOf = (params: Record<string, string | number>) => Object.entries(params).flatMap(([name, value]) => ["--param", `${name}=${value}`]);

test.each(["keyed", "layers", "loop", "union", "remote"])("%s that is stopped, continued with more workers and rescaled to fewer writes each record once", async (shape) => {
  const out = join(dir, `${shape}-rescaled`);
  const count = 40_000;
  const sage = async (...args: string[]) => {
    const ran = await home.sage(...args, ...home.daemon);
    expect(ran.code, `${args.join(" ")}: ${ran.stdout}${ran.stderr}`).toBe(0);
    return ran;
  };
  const { jobId } = lastJson(await sage("job", "submit", "tests/e2e/programs/ledger.ts", "--json", "--parallelism", "2", ...paramsOf({ out, shape, limit: count }))) as { jobId: string };
  await sage("job", "stop", jobId);
  await sage("job", "continue", jobId, "--parallelism", "5");
  await sage("job", "rescale", jobId, "--parallelism", "1");
  await sage("job", "watch", jobId);
  expect((await sage("job", "status", jobId)).stdout.trim()).toBe("completed");
  await check(shape, out, count);
});

test("a job with a slow sink takes checkpoints whose barriers overtake records, dies, and writes each record once", async () => {
  const out = join(dir, "overtaking");
  const { jobId } = lastJson(await home.sage("job", "submit", "tests/e2e/programs/ledger.ts", "--json", ...home.daemon, "--parallelism", "2",
    ...paramsOf({ out, shape: "slow", limit: 6_000, overtake: 20, kill: "prepared@3" }))) as { jobId: string };
  await home.sage("job", "watch", jobId, ...home.daemon);
  expect(existsSync(`${out}.killed`)).toBe(true);
  const shown = JSON.parse((await home.sage("job", "show", jobId, "--json", ...home.daemon)).stdout) as { status: string; restartCount: number; checkpoints: { overtakenBytes: number; state: string }[] };
  expect(shown.restartCount).toBe(1);
  expect(Math.max(...shown.checkpoints.map(({ overtakenBytes }) => overtakenBytes))).toBeGreaterThan(0);
  await check("slow", out, 6_000);
});
