import { expect, test } from "vitest";
import { planOf } from "../testing/test-daemon.ts";
import { JobResults, windowBatches } from "./results.ts";

const never = new AbortController().signal;
const batch = (index: number, seq: number) => ({ index, seq, records: Buffer.alloc(10), afterCheckpoint: 0 });

function opened(parallelism = 1) {
  const results = new JobResults(planOf({ end: "collect", parallelism }));
  const credit = Array<number>(parallelism).fill(0);
  results.open((_nodeId, index, batches) => { credit[index]! += batches; });
  return { results, credit };
}

test("credit comes back as batches are taken, never more than the window", async () => {
  const { results, credit } = opened();
  expect(credit).toEqual([windowBatches]);
  let sent = 0;
  const fill = () => { while (sent < credit[0]!) results.accept("collect", batch(0, sent++), false); };
  fill();
  expect(results.bytes).toBe(windowBatches * 10);
  const reader = results.read("collect", never);
  const seqs: number[] = [];
  for (let taken = 0; taken < 100; taken++) {
    seqs.push((await reader.next()).value!.seq);
    fill();
    expect(sent - seqs.length).toBeLessThanOrEqual(windowBatches);
  }
  expect(seqs).toEqual(Array.from({ length: 100 }, (_, seq) => seq));
});

test("a late reader gets everything, also after the end", async () => {
  const { results } = opened(2);
  results.accept("collect", batch(0, 0), false);
  results.accept("collect", batch(1, 0), false);
  results.accept("collect", batch(0, 1), true);
  results.accept("collect", batch(1, 1), true);
  results.end();
  const seen: number[] = [];
  for await (const each of results.read("collect", never)) seen.push(each.index);
  expect(seen).toEqual([0, 1]);
});

test("what was collected before a failure comes before the failure", async () => {
  const { results } = opened();
  results.accept("collect", batch(0, 0), false);
  results.end(new Error("boom"));
  const reader = results.read("collect", never);
  expect((await reader.next()).value!.seq).toBe(0);
  await expect(reader.next()).rejects.toThrow("boom");
});

test("results of which earlier ones are gone end with a word about it, not as if they were all", async () => {
  const { results } = opened();
  results.markIncomplete("the JobManager was restarted");
  results.accept("collect", batch(0, 0), false);
  results.accept("collect", batch(0, 1), true);
  results.end();
  const reader = results.read("collect", never);
  expect((await reader.next()).value!.seq).toBe(0);
  await expect(reader.next()).rejects.toMatchObject({ code: "SAGE_RESULTS_INCOMPLETE", message: expect.stringContaining("the JobManager was restarted") });
});

test("dropped results are never taken for none", async () => {
  const { results } = opened();
  results.accept("collect", batch(0, 0), false);
  results.drop();
  expect(results.bytes).toBe(0);
  await expect(results.read("collect", never).next()).rejects.toMatchObject({ code: "SAGE_RESULTS_NOT_FOUND" });
});

test("results of an instance the plan does not have are a mistake", () => {
  const { results } = opened();
  expect(() => results.accept("collect", batch(1, 0), false)).toThrow("does not have");
  expect(() => results.accept("__proto__", batch(0, 0), false)).toThrow("does not have");
});

test("with checkpoints a batch is handed out when one behind it is committed; what a failed attempt has sent since is dropped", async () => {
  const results = new JobResults(planOf({ end: "collect", parallelism: 1 }), true);
  const sent = (seq: number, afterCheckpoint: number) => results.accept("collect", { ...batch(0, seq), afterCheckpoint }, false);
  results.open(() => {});
  sent(0, 0);
  sent(1, 0);
  sent(2, 1); // behind the barrier of checkpoint 1
  results.onCommitted(1);
  const reader = results.read("collect", never);
  expect([(await reader.next()).value!.seq, (await reader.next()).value!.seq]).toEqual([0, 1]);
  expect(results.wouldRepeat).toBe(false);
  results.rewind(false); // the attempt has failed
  results.open(() => {});
  sent(2, 1);
  results.accept("collect", batch(0, 3), true);
  results.end();
  expect((await reader.next()).value!.seq).toBe(2);
  expect((await reader.next()).done).toBe(true);
  expect(results.bytes).toBe(0);
});

test("without checkpoints a job whose results were read would repeat them", async () => {
  const { results } = opened();
  results.accept("collect", batch(0, 0), false);
  expect(results.wouldRepeat).toBe(false);
  await results.read("collect", never).next();
  expect(results.wouldRepeat).toBe(true);
});

test("batches that wait for a checkpoint do not use up the credit", () => {
  const results = new JobResults(planOf({ end: "collect", parallelism: 1 }), true);
  let credit = 0;
  results.open((_nodeId, _index, batches) => { credit += batches; });
  for (let seq = 0; seq < 100; seq++) {
    expect(credit).toBeGreaterThan(seq);
    results.accept("collect", batch(0, seq), false);
  }
});
