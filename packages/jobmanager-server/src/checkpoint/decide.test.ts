import { expect, test } from "vitest";
import { afterAck, begun, isComplete, slowestOf } from "./decide.ts";
import { outdated } from "./retention.ts";

const task = (index: number) => ({ nodeId: "n", index, files: [], stateBytes: 0, durationMs: 0, alignmentMs: 0, inFlightBytes: 0, finished: false, schema: "", barrierMs: 0 });
const ack = (workerIndex: number, more: object = {}) => ({ attempt: 2, checkpointId: 7, workerIndex, tasks: [task(workerIndex)], ...more });

test("a checkpoint is complete when every worker has acknowledged it, in whatever order", () => {
  let checkpoint = begun(2, 7, 3);
  for (const worker of [2, 0, 1]) {
    expect(isComplete(checkpoint)).toBe(false);
    checkpoint = afterAck(checkpoint, ack(worker));
  }
  expect(isComplete(checkpoint)).toBe(true);
  expect(checkpoint.tasks.map(({ index }) => index)).toEqual([2, 0, 1]);
});

test("what is repeated, or belongs to another attempt or checkpoint, or to nobody, does not count", () => {
  const checkpoint = afterAck(begun(2, 7, 2), ack(0));
  for (const other of [ack(0), ack(1, { attempt: 1 }), ack(1, { checkpointId: 6 }), ack(5)]) expect(afterAck(checkpoint, other)).toBe(checkpoint);
});

test("the slowest task is the one whose barrier, alignment and write took longest together, of those that have not ended", () => {
  const [quick, queued, ended] = [{ ...task(0), durationMs: 40 }, { ...task(1), barrierMs: 30, alignmentMs: 20, durationMs: 5 }, { ...task(2), durationMs: 900, finished: true }];
  expect(slowestOf([quick, queued, ended])).toBe(queued);
  expect(slowestOf([task(0), ended])).toBeUndefined();
});

test("the newest checkpoints are kept, and every savepoint", () => {
  const of = (kind: string, state: string, ...ids: number[]) => ids.map((id) => ({ id, kind, state }));
  const all = [...of("checkpoint", "complete", 1, 3, 5, 6), ...of("savepoint", "complete", 2), ...of("checkpoint", "failed", 4)];
  expect(outdated(all, 2)).toEqual([1, 3]);
  expect(outdated(all, 9)).toEqual([]);
  expect(outdated(of("checkpoint", "complete", 1), 0)).toEqual([]);
});
