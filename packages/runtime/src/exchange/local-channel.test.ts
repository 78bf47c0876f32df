import { expect, test } from "vitest";
import { Fifo } from "./fifo.ts";
import { localChannel } from "./local-channel.ts";

test("batches come out by reference and in order, the end behind them", () => {
  const { output, input } = localChannel();
  const [first, second] = [[1], [2]];
  void output.send(first);
  output.sendEvent({ kind: "watermark", timeMs: 5 });
  void output.send(second);
  output.end();
  output.end();
  expect(input.poll()).toBe(first);
  expect(input.poll()).toEqual({ kind: "watermark", timeMs: 5 });
  expect(input.poll()).toBe(second);
  expect(input.poll()).toEqual({ kind: "end" });
  expect(input.poll()).toBeUndefined();
});

test("a sender waits while the window is full, and goes on when an item is taken", async () => {
  const { output, input } = localChannel(2);
  expect(output.send([1])).toBeUndefined();
  const room = output.send([2]);
  expect(room).toBeInstanceOf(Promise);
  input.poll();
  await room;
  expect(output.send([3])).toBeInstanceOf(Promise);
});

test("readable is told once for an empty queue, not for every item", () => {
  const { output, input } = localChannel();
  let told = 0;
  input.onReadable = () => void told++;
  void output.send([1]);
  void output.send([2]);
  expect(told).toBe(1);
  input.poll();
  input.poll();
  void output.send([3]);
  expect(told).toBe(2);
});

test("of watermarks that wait one behind the other the last one stays", () => {
  const { output, input } = localChannel();
  for (const timeMs of [1, 2, 3]) output.sendEvent({ kind: "watermark", timeMs });
  expect(output.queued).toBe(1);
  expect(input.poll()).toEqual({ kind: "watermark", timeMs: 3 });
});

test("sending behind the end is a mistake that is told", () => {
  const { output } = localChannel();
  output.end();
  expect(() => output.send([1])).toThrow("after its end");
});

test("a long queue keeps its order while items come and go", () => {
  const fifo = new Fifo<number>();
  let [next, expected] = [0, 0];
  for (let round = 0; round < 1_000; round++) {
    for (let i = 0; i < 7; i++) fifo.push(next++);
    for (let i = 0; i < 6; i++) expect(fifo.shift()).toBe(expected++);
  }
  expect(fifo.length).toBe(1_000);
  while (fifo.length > 0) expect(fifo.shift()).toBe(expected++);
  expect(fifo.shift()).toBeUndefined();
});
