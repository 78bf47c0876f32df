import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cmd } from "@sage/core";
import { glanceAt, parseGlance } from "./glance.ts";
import { localHost } from "./local-host.ts";
import { startProcess, stopProcess } from "./processes.ts";

test("a glance tells clock, memory, disk, and what Sage runs there", async () => {
  const home = mkdtempSync(join(tmpdir(), "sage-glance-"));
  const host = localHost("here", { ...process.env, HOME: home });
  try {
    const idle = await glanceAt(host, { sageHome: "~/.sage", dir: "~/not/there/yet" });
    expect(idle.processes).toEqual([]);
    expect(Math.abs(idle.clockOffsetMs)).toBeLessThanOrEqual(idle.clockErrorMs + 1);
    expect(idle.memoryFreeBytes).toBeGreaterThan(0);
    expect(idle.diskFreeBytes).toBeGreaterThan(0);
    await startProcess(host, { recordsDir: "~/.sage/run", name: "job", command: cmd(["sleep", "600"]), logPath: "~/log" });
    expect((await glanceAt(host, { sageHome: "~/.sage", dir: "~" })).processes).toMatchObject([{ name: "job", running: true }]);
  } finally {
    await stopProcess(host, "~/.sage/run", "job");
    rmSync(home, { recursive: true, force: true });
  }
});

test("half an answer is no answer", () => {
  expect(() => parseGlance("clock\t1\n", { sentAtMs: 0, heardAtMs: 0 })).toThrow("not whole");
});
