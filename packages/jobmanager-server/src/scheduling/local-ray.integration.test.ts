import { silentLogger } from "@sage/core";
import { connectRay } from "@sage/ray-control";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, expect, test } from "vitest";
import { freePorts, markedProcesses } from "../../../ray-control/src/testing/ray-head.ts";
import { newestRay, rayVenv } from "../../../ray-control/src/testing/ray-venv.ts";
import { until } from "../../../ray-control/src/testing/until.ts";
import { bundled, packageTempDir } from "../testing/test-daemon.ts";
import { openLocalRay } from "./local-ray.ts";

let ray = "";
beforeAll(async () => {
  ray = join(await rayVenv(newestRay), "bin/ray");
}, 300_000);

/** All that this Ray starts carries the mark. */
const marked = (mark: string): NodeJS.ProcessEnv => ({ ...process.env, HOME: mark, SAGE_RAY_COMMAND: ray, SAGE_TEST_RAY_HEAD: mark });
const nobody = async (): Promise<number> => (await freePorts(1))[0]!;

test("a Ray that is started takes sessions, and nothing of it is left when it is let go of", async () => {
  await using dir = await packageTempDir();
  let folder = "";
  {
    await using local = await openLocalRay(silentLogger, marked(dir.path), await nobody());
    await using session = await connectRay(local.address);
    expect((await session.clusterResources())["CPU"]).toBeGreaterThanOrEqual(16);
    expect((await markedProcesses(dir.path)).length).toBeGreaterThan(2);
    folder = local.tempDir!;
    expect(existsSync(folder)).toBe(true);
  }
  await until("no process of it is left", async () => (await markedProcesses(dir.path)).length === 0);
  expect(existsSync(folder)).toBe(false);
});

test("it ends with its holder, when that is killed", async () => {
  await using dir = await packageTempDir();
  const program = await bundled("./ray-holder.ts", join(dir.path, "ray-holder.mjs"));
  const holder = spawn(process.execPath, [program], { env: marked(dir.path), stdio: ["ignore", "pipe", "inherit"] });
  expect(String((await once(createInterface({ input: holder.stdout }), "line"))[0])).toMatch(/^ray:\/\/127\.0\.0\.1:\d+$/);
  holder.kill("SIGKILL");
  await until("no process of it is left", async () => (await markedProcesses(dir.path)).length === 0);
});

test("one that runs already is used and left alone; without the command the error says what to do", async () => {
  const others = createServer().listen(0, "127.0.0.1");
  await once(others, "listening");
  const { port } = others.address() as { port: number };
  {
    await using local = await openLocalRay(silentLogger, {}, port);
    expect(local.address).toBe(`ray://127.0.0.1:${port}`);
  }
  expect(others.listening).toBe(true);
  others.close();
  await expect(openLocalRay(silentLogger, { ...process.env, SAGE_RAY_COMMAND: "no-such-ray" }, await nobody())).rejects.toMatchObject({ code: "SAGE_NO_LOCAL_RAY", hint: expect.stringContaining("pip install") });
});

test("a start that fails is tried once more, and what Ray said last is the error", async () => {
  await using dir = await packageTempDir();
  const command = join(dir.path, "ray");
  await writeFile(command, `#!/bin/sh\necho begun >>${dir.path}/starts\necho "no port for try $(wc -l <${dir.path}/starts)" >&2\nexit 1\n`, { mode: 0o755 });
  await expect(openLocalRay(silentLogger, { ...process.env, SAGE_RAY_COMMAND: command }, await nobody())).rejects.toMatchObject({ code: "SAGE_NO_LOCAL_RAY", message: expect.stringContaining("no port for try 2") });
  expect(await readFile(`${dir.path}/starts`, "utf8")).toBe("begun\nbegun\n");
});
