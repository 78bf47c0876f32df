import fc from "fast-check";
import { expect, test } from "vitest";
import { planKeyOf, redistribute, splitOf, tasksLeft, type FilePosition } from "./file-position.ts";
import type { SourceSplit } from "./file-splits.ts";

const splitsOf = (count: number): SourceSplit[] =>
  Array.from({ length: count }, (_, i) => ({ kind: "bytes", path: "/f", fileBytes: count, startByte: i, endByte: i + 1 }));

test("what is left is dealt out once, with its offsets, however often the parallelism changes", () => {
  const run = fc.record({ parallelism: fc.integer({ min: 1, max: 5 }), progress: fc.array(fc.nat(4), { minLength: 5, maxLength: 5 }) });
  fc.assert(
    fc.property(fc.nat(30), fc.array(run, { minLength: 1, maxLength: 4 }), (count, runs) => {
      const splits = splitsOf(count);
      const plan = planKeyOf(splits);
      let positions: FilePosition[] = [{ share: { index: 0, parallelism: 1 }, done: 0 }];
      const unread = new Set(splits.keys());
      const begun = new Map<number, number>();
      for (const { parallelism, progress } of runs) {
        positions = redistribute(positions, parallelism, splits).map((position, i) => {
          const tasks = tasksLeft(position, splits, plan);
          const done = Math.min(progress[i]!, tasks.length);
          for (const task of tasks.slice(0, done)) expect(unread.delete(splitOf(task))).toBe(true);
          if (done === tasks.length) return { ...position, done };
          begun.set(splitOf(tasks[done]!), progress[i]!);
          return { ...position, done, from: { row: progress[i]! } };
        });
      }
      const left = positions.flatMap((position) => tasksLeft(position, splits, plan));
      expect(left.map(splitOf).sort((a, b) => a - b)).toEqual([...unread]);
      for (const task of left) {
        const row = begun.get(splitOf(task));
        expect(typeof task === "number" ? undefined : task[1]).toEqual(row === undefined ? undefined : { row });
      }
    }),
  );
});

test("a position of other files is refused", () => {
  const position: FilePosition = { plan: planKeyOf(splitsOf(2)), share: { index: 0, parallelism: 1 }, done: 1 };
  expect(() => tasksLeft(position, splitsOf(3), planKeyOf(splitsOf(3)))).toThrow(
    expect.objectContaining({ code: "SAGE_FILES_CHANGED", fault: "user" }),
  );
});
