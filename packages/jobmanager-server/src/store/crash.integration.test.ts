import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundled, makeTempDir, packageTempDir } from "../testing/test-daemon.ts";
import { openDb } from "./db.ts";
import { openSqliteStore } from "./sqlite-store.ts";

let dir: Awaited<ReturnType<typeof packageTempDir>>;
let writer = "";
beforeAll(async () => {
  dir = await packageTempDir();
  writer = await bundled("./store-writer.ts", join(dir.path, "writer.mjs"));
});
afterAll(() => dir[Symbol.asyncDispose]());

test("kill -9 at any point loses nothing that was acknowledged, and the file stays sound", async () => {
  for (let killAfter = 3; killAfter < 300; killAfter += 33) {
    await using home = await makeTempDir();
    const path = join(home.path, "state.db");
    const child = spawn(process.execPath, [writer, path], { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(child, "exit");
    const acknowledged = new Map<string, string>();
    for await (const line of createInterface({ input: child.stdout })) {
      const [jobId, phase] = line.split(" ") as [string, string];
      acknowledged.set(jobId, phase);
      if (acknowledged.size === killAfter) child.kill("SIGKILL");
    }
    await exited;
    expect(acknowledged.size).toBeGreaterThanOrEqual(killAfter);
    await using store = await openSqliteStore(path);
    const found = new Map((await store.load()).map((job) => [job.jobId as string, job.phase]));
    for (const [jobId, phase] of acknowledged) expect(phase === "running" ? [found.get(jobId)] : ["initializing", "running"]).toContain(phase === "running" ? "running" : found.get(jobId));
    using db = openDb(path);
    expect(db.get("PRAGMA integrity_check")).toEqual({ integrity_check: "ok" });
  }
});
