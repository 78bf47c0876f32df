import { readdirSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileSink, LocalEnvironment, SourceFunction, type Idle } from "./index.ts";

let dir: string;
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), "sage-local-")); });
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Waits for a file after every 5,000 numbers. */
class Numbers extends SourceFunction<number> {
  private next = 0;
  private seenFiles = 0;
  private readonly limit: number;
  constructor(limit: number) {
    super();
    this.limit = limit;
  }
  execute(): number | Idle | null {
    if (this.next === this.limit) return null;
    if (this.next % 5_000 === 0 && this.next > 0) {
      const files = written().length;
      if (files <= this.seenFiles) return SourceFunction.IDLE;
      this.seenFiles = files;
    }
    return this.next++;
  }
}

/** Counts per key, into files; fails at a record once it has seen `failBehind` files. */
async function run(failBehind: number): Promise<void> {
  await using env = new LocalEnvironment("counts", { checkpoints: { dir: join(dir, "state"), intervalMs: 5 } });
  env.fromSource(Numbers, limit).map((n) => {
    if (n % 500 === 0 && written().length >= failBehind) throw new Error("the disk is on fire");
    return n;
  }).keyBy((n) => n % 7).aggregate({ init: () => 0, add: (count) => count + 1, result: (count, key) => ({ key, count }) })
    .sink(fileSink(join(dir, "out")));
  await env.submit();
}

const limit = 20_000;
const written = (): string[] => readdirSync(join(dir, "out")).filter((name) => !name.startsWith("."));

async function rows(): Promise<string[]> {
  const texts = await Promise.all(written().map((name) => readFile(join(dir, "out", name), "utf8")));
  return texts.flatMap((text) => text.trim().split("\n")).sort();
}

const expected = Array.from({ length: limit }, (_, n) => JSON.stringify({ key: n % 7, count: Math.floor(n / 7) + 1 })).sort();

test("a program that failed goes on from its last checkpoint, and its files hold every record once", async () => {
  await expect(run(2)).rejects.toThrow("the disk is on fire");
  const before = written().length;
  expect(before).toBeGreaterThanOrEqual(2);
  await expect(run(before + 1)).rejects.toThrow("the disk is on fire");
  await run(Infinity);
  expect(await rows()).toEqual(expected);
  expect((await readdir(join(dir, "out"))).filter((name) => name.startsWith("."))).toEqual([]);
  expect(await readdir(join(dir, "state"))).toEqual([]); // the next run begins at the start
});

test("when no checkpoint is whole, the run is refused and names the file", async () => {
  await expect(run(2)).rejects.toThrow("the disk is on fire");
  const checkpoints = (await readdir(join(dir, "state"))).filter((name) => !name.endsWith(".part")).sort();
  expect(checkpoints.length).toBeGreaterThan(0);
  for (const name of checkpoints) await writeFile(join(dir, "state", name, "manifest"), "not one\n");
  await expect(run(Infinity)).rejects.toMatchObject({ message: expect.stringContaining("manifest is damaged") as string });
});
