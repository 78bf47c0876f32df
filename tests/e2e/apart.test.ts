// Workers that share no disk with their daemon: programs, shipped records and snapshots come and go by hash.

import { startDaemon, processDriver, type Daemon, type JobRecord, type WorkerDriver } from "@sage/jobmanager-server";
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mistakesOf } from "./ledger-shapes.ts";
import { lastJson, root, SageHome } from "./sage.ts";

let user: SageHome;
let daemon: Daemon;
let dir = "";

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "sage-apart-"));
  user = await SageHome.make();
  const home = join(dir, "daemon");
  const host = join(dir, "host");
  await mkdir(host);
  const workerEntry = join(root, "packages/runtime/dist/worker.mjs");
  await copyFile(join(root, "tests/e2e/programs/worker-apart.mjs"), join(host, "worker.mjs"));
  await writeFile(join(host, "apart-from"), `${home}\n${workerEntry}\n`);
  const driver = apart(processDriver({ entry: join(host, "worker.mjs"), tempDir: join(host, "tmp") }));
  daemon = await startDaemon({ home, port: 0, workerEntry, driver });
});
afterAll(async () => {
  await daemon[Symbol.asyncDispose]();
  await user[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

/** The same workers, told that the daemon's paths are none of theirs. */
function apart(driver: WorkerDriver): WorkerDriver {
  return { ...driver, start: (spec, signal) => driver.start({ ...spec, boot: { ...spec.boot, sharesDisk: false } }, signal) };
}

async function sage(...args: string[]) {
  const ran = await user.sage(...args, "--port", String(daemon.port));
  expect(ran.code, `${args.join(" ")}: ${ran.stdout}${ran.stderr}`).toBe(0);
  return ran;
}

const paramsOf = (params: Record<string, string | number>) => Object.entries(params).flatMap(([name, value]) => ["--param", `${name}=${value}`]);

async function until(jobId: string, holds: (record: JobRecord) => boolean): Promise<void> {
  for await (const { record } of daemon.jobs.watch(jobId, 20, AbortSignal.timeout(60_000))) if (holds(record)) return;
  throw new Error("the job ended before that");
}

test.each(["barrier@2", "prepared@1", "committing@2"])("a job whose worker on another host dies at %s writes each record once", async (kill) => {
  const out = join(dir, `killed-${kill}`);
  const ran = await sage("run", "tests/e2e/programs/ledger.ts", "--remote", "--parallelism", "2", ...paramsOf({ out, shape: "shipped", limit: 8_000, kill }));
  expect(lastJson(ran)).toEqual({ status: "completed" });
  expect(existsSync(`${out}.killed`)).toBe(true); // else nothing was shown
  expect(await mistakesOf("shipped", out, 8_000)).toEqual([]);
});

test("a job on other hosts that is stopped, continued with more workers and rescaled to fewer writes each record once", async () => {
  const out = join(dir, "rescaled");
  const { jobId } = lastJson(await sage("job", "submit", "tests/e2e/programs/ledger.ts", "--json", "--parallelism", "2", ...paramsOf({ out, shape: "shipped", limit: 40_000 }))) as { jobId: string };
  await until(jobId, ({ checkpoints = [] }) => checkpoints.some(({ state, bytes }) => state === "complete" && bytes > 100_000));
  const { signal } = new AbortController();
  await daemon.jobs.stop(jobId, signal);
  const folders = await readdir(join(dir, "daemon/jobmanager/checkpoints", jobId));
  expect(folders.some((name) => name.startsWith("sp-"))).toBe(true);
  await daemon.jobs.continue(jobId, { parallelism: 4 }, signal);
  await until(jobId, ({ phase }) => phase === "running");
  await daemon.jobs.rescale(jobId, 1, signal);
  await sage("job", "watch", jobId);
  expect((await sage("job", "status", jobId)).stdout.trim()).toBe("completed");
  expect(await mistakesOf("shipped", out, 40_000)).toEqual([]);
});
