import { expect, test } from "vitest";
import { decodeBatch, type WorkerMessageInit } from "@sage/protocol";
import { ResultStream } from "./result-stream.ts";

const { signal } = new AbortController();

function stream() {
  const sent: WorkerMessageInit[] = [];
  const results = new ResultStream("collect-1", 3, (message) => { sent.push(message); return undefined; });
  const credit = (batches: number) => results.grant({ nodeId: "collect-1", index: 3, batches });
  const batches = () => sent.map(({ result }) => [result!.batch!.seq, result!.last ? "last" : decodeBatch(result!.batch!.records as Buffer)]);
  return { sent, results, credit, batches };
}

test("results wait for credit, and are numbered", async () => {
  const { sent, results, credit, batches } = stream();
  const added = results.add([1, 2], signal).then(() => results.add([3], signal)).then(() => results.end(signal));
  await new Promise(setImmediate);
  expect(sent).toEqual([]);
  credit(2);
  await new Promise(setImmediate);
  expect(sent.length).toBe(2);
  credit(1);
  await added;
  expect(batches()).toEqual([[0, [1, 2]], [1, [3]], [2, "last"]]);
});

test("a new stream repeats what no credit has answered, with the same numbers", async () => {
  const { sent, results, credit, batches } = stream();
  credit(3);
  await results.add([1], signal);
  await results.add([2], signal);
  credit(1);
  sent.length = 0;
  results.repeat();
  expect(batches()).toEqual([[1, [2]]]);
});

test("waiting for credit ends with the job", async () => {
  const cancel = new AbortController();
  const added = stream().results.add([1], cancel.signal);
  cancel.abort(new Error("cancelled"));
  await expect(added).rejects.toThrow("cancelled");
});

test("a large batch goes in parts, a record that is too large is an error", async () => {
  const { results, credit, batches } = stream();
  credit(100);
  const texts = Array.from({ length: 64 }, (_, n) => String(n).padEnd(100_000, "ab"));
  await results.add(texts, signal);
  expect(batches().length).toBeGreaterThan(4);
  expect(batches().flatMap(([, records]) => records as string[])).toEqual(texts);
  await expect(results.add(["x".repeat(17 * 1024 * 1024)], signal)).rejects.toMatchObject({ code: "SAGE_RESULT_TOO_LARGE" });
});
