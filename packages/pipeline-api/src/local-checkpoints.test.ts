import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BatchFunction, fileSink, LocalEnvironment } from "./index.ts";

let dir: string;
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), "sage-local-")); });
afterEach(() => rm(dir, { recursive: true, force: true }));

class Numbers extends BatchFunction<number> {
  private next = 0;
  private readonly limit: number;
  constructor(limit: number) {
    super();
    this.limit = limit;
  }
  async execute(): Promise<number | null> {
    if (this.next % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    return this.next < this.limit ? this.next++ : null;
  }
}

/** Counts per key, into files; fails at a record once it has seen `failBehind` files. */
async function run(failBehind: number): Promise<void> {
  await using env = new LocalEnvironment("counts", { checkpoints: { dir: join(dir, "state"), intervalMs: 5 } });
  env.fromBatch(Numbers, 20_000).map(async (n) => {
    if (n % 500 === 0 && (await written()).length >= failBehind) throw new Error("the disk is on fire");
    return n;
  }).keyBy((n) => n % 7).aggregate({ init: () => 0, add: (count) => count + 1, result: (count, key) => ({ key, count }) })
    .sink(fileSink(join(dir, "out")));
  await env.submit();
}

const written = async (): Promise<string[]> => (await readdir(join(dir, "out")).catch(() => [])).filter((name) => !name.startsWith("."));

async function rows(): Promise<string[]> {
  const texts = await Promise.all((await written()).map((name) => readFile(join(dir, "out", name), "utf8")));
  return texts.flatMap((text) => text.trim().split("\n")).sort();
}

const expected = Array.from({ length: 20_000 }, (_, n) => JSON.stringify({ key: n % 7, count: Math.floor(n / 7) + 1 })).sort();

test("a program that failed goes on from its last checkpoint, and its files hold every record once", async () => {
  await expect(run(2)).rejects.toThrow("the disk is on fire");
  const before = (await written()).length;
  expect(before).toBeGreaterThanOrEqual(2);
  await expect(run(before + 2)).rejects.toThrow("the disk is on fire");
  await run(Infinity);
  expect(await rows()).toEqual(expected);
  expect((await readdir(join(dir, "out"))).filter((name) => name.startsWith("."))).toEqual([]);
  expect(await readdir(join(dir, "state"))).toEqual([]); // the next run begins at the start
});

test("when no checkpoint is whole, the run is refused and names the file", async () => {
  await expect(run(3)).rejects.toThrow("the disk is on fire");
  const checkpoints = (await readdir(join(dir, "state"))).filter((name) => !name.endsWith(".part")).sort();
  expect(checkpoints.length).toBeGreaterThanOrEqual(2);
  for (const name of checkpoints) await writeFile(join(dir, "state", name, "manifest"), "not one\n");
  await expect(run(Infinity)).rejects.toMatchObject({ message: expect.stringContaining("manifest is damaged") as string });
});
