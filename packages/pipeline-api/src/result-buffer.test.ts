import { expect, test } from "vitest";
import { ResultBuffer } from "./result-buffer.ts";

async function read(buffer: ResultBuffer): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const batch of buffer) records.push(...batch);
  return records;
}

test("what came before anybody reads is kept, in order, then the end", async () => {
  const buffer = new ResultBuffer("rows", 100);
  expect(buffer.push([1, 2], 10)).toBeUndefined();
  expect(buffer.push([null], 10)).toBeUndefined();
  buffer.end();
  expect(await read(buffer)).toEqual([1, 2, null]);
});

test("over its limit the job waits until there is room again", async () => {
  const buffer = new ResultBuffer("rows", 15);
  const events: string[] = [];
  void buffer.push([1], 10);
  const waiting = buffer.push([2], 10)!.then(() => events.push("room"));
  const batches = buffer[Symbol.asyncIterator]();
  expect(events).toEqual([]);
  expect((await batches.next()).value).toEqual([1]);
  await waiting;
  expect(events).toEqual(["room"]);
});

test("full and unread is noticed; full with a reader is not", async () => {
  const unread = new ResultBuffer("rows", 5);
  void unread.push([1], 10);
  await unread.whenStuck();

  const slow = new ResultBuffer("rows", 5);
  const batches = slow[Symbol.asyncIterator]();
  const first = batches.next();
  let isStuck = false;
  void slow.whenStuck().then(() => { isStuck = true; });
  void slow.push([1], 10);
  void slow.push([2], 10);
  await first;
  await slow.whenFull();
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isStuck).toBe(false);
});

test("an error comes behind the records that came before it", async () => {
  const buffer = new ResultBuffer("rows");
  void buffer.push([1], 1);
  buffer.end(new Error("boom"));
  const batches = buffer[Symbol.asyncIterator]();
  expect((await batches.next()).value).toEqual([1]);
  await expect(batches.next()).rejects.toThrow("boom");
});

test("a reader that leaves early lets the job go on: the rest is let go of", async () => {
  const buffer = new ResultBuffer("rows", 5);
  void buffer.push([1], 4);
  const waiting = buffer.push([2], 10);
  for await (const _ of buffer) break;
  await waiting;
  expect(buffer.push([3], 1_000)).toBeUndefined();
});

test("each record is delivered once: a second reader is refused, in words", async () => {
  const buffer = new ResultBuffer("rows");
  buffer.end();
  await read(buffer);
  await expect(read(buffer)).rejects.toMatchObject({ code: "SAGE_ALREADY_READ", message: expect.stringContaining("rows") as string });
});
