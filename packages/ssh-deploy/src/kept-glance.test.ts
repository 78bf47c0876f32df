import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cmd } from "@sage/core";
import { afterAll, expect, test } from "vitest";
import { KeptGlance } from "./kept-glance.ts";
import { localHost } from "./local-host.ts";
import { startProcess, stopProcess } from "./processes.ts";

const home = mkdtempSync(join(tmpdir(), "sage-kept-glance-"));
afterAll(() => rmSync(home, { recursive: true }));
const host = localHost("here", { ...process.env, HOME: home });
const asked = { sageHome: "~/.sage", dir: "~" };
const signal = new AbortController().signal;

test("each look tells what is so at that moment, by the same shell", async () => {
  await using kept = new KeptGlance(host, asked);
  expect(await kept.look(signal)).toMatchObject({ processes: [] });
  await startProcess(host, { recordsDir: "~/.sage/run", name: "job", command: cmd(["sleep", "600"]), logPath: "~/log" });
  try {
    const busy = await kept.look(signal);
    expect(busy.processes).toMatchObject([{ name: "job", running: true }]);
    expect(Math.abs(busy.clockOffsetMs)).toBeLessThanOrEqual(busy.clockErrorMs + 1);
    expect(busy.diskFreeBytes).toBeGreaterThan(0);
  } finally {
    await stopProcess(host, "~/.sage/run", "job");
  }
  expect((await kept.look(signal)).processes).toEqual([]);
  expect(kept.isOver).toBe(false);
});

test("a look that is given up ends it, so that a late answer is taken for no other's", async () => {
  await using kept = new KeptGlance(host, asked);
  await kept.look(signal);
  const impatient = new AbortController();
  const looking = kept.look(impatient.signal);
  impatient.abort(new Error("no patience"));
  await expect(looking).rejects.toThrow("no patience");
  expect(kept.isOver).toBe(true);
  await expect(kept.look(signal)).rejects.toThrow("no patience");
});

test("a shell that ends tells whoever looks", async () => {
  const ends = { ...host, run: () => Promise.reject(new Error("the line was cut")) } as unknown as typeof host;
  await using kept = new KeptGlance(ends, asked);
  await expect(kept.look(signal)).rejects.toThrow("the line was cut");
});
