import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { numbersTo } from "../testing/pipeline-run.ts";
import { SpillQueue } from "./spill-queue.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "spill-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

test("batches come out in order, whether they were in memory or in the file; the file starts again and goes", () => {
  const queue = new SpillQueue({ dir, name: "loop", memoryRecords: 25 });
  for (let round = 0; round < 3; round++) {
    const batches = numbersTo(30).map((b) => numbersTo(10).map((n) => ({ id: b * 10 + n, text: "é\u0000", at: new Date(n), none: undefined })));
    const out: unknown[] = [];
    for (const [b, batch] of batches.entries()) {
      queue.push(batch);
      if (b % 3 === 0) out.push(queue.shift());
    }
    expect(readdirSync(dir)).toHaveLength(1);
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) out.push(batch);
    expect(out).toEqual(batches);
  }
  expect(queue.spilled).toBeGreaterThan(300);
  queue[Symbol.dispose]();
  queue[Symbol.dispose]();
  expect(readdirSync(dir)).toEqual([]);
});

test("what a file would change stays in memory, as it is", () => {
  class Point {
    x = 1;
  }
  const records = [new Point(), { call: () => 1 }, { nested: [new Point()] }, new Map([[1, 2]]), Object.create(null) as object, Symbol("s")];
  using queue = new SpillQueue({ dir, name: "loop", memoryRecords: 0 });
  for (const record of records) queue.push([record]);
  for (const record of records) expect(queue.shift()![0]).toBe(record);
  expect(queue.spilled).toBe(0);
});
