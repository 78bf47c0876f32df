import { expect, test } from "vitest";
import { deferred } from "@sage/core";
import type { LogLineInit } from "@sage/protocol";
import { LogLines } from "./log-lines.ts";

function collecting(wait?: Promise<void>) {
  const sent: LogLineInit[] = [];
  const lines = new LogLines({ host: "host-1", workerIndex: 5 }, (batch) => { sent.push(...batch); return wait; });
  return { sent, lines };
}

test("lines arrive in order, with operator, index, host and stream", async () => {
  const { sent, lines } = collecting();
  void lines.add({ level: "info", place: { name: "DoubleMap", index: 2 }, stream: "stdout", text: "one" });
  void lines.add({ level: "error", text: "two" });
  await lines.flush();
  expect(sent).toEqual([
    { timeMs: expect.any(Number), level: "info", operator: "DoubleMap", index: 2, host: "host-1", stream: "stdout", text: "one" },
    { timeMs: expect.any(Number), level: "error", operator: "", index: 5, host: "host-1", stream: "log", text: "two" },
  ]);
});

test("lines go out by themselves after a moment", async () => {
  const arrived = deferred();
  const lines = new LogLines({ host: "host-1", workerIndex: 5 }, () => { arrived.resolve(); return undefined; });
  void lines.add({ level: "info", text: "hello" });
  await arrived.promise;
});

test("a flood is bounded; what is dropped is counted in a line", async () => {
  const gate = deferred();
  const { sent, lines } = collecting(gate.promise);
  const text = "x".repeat(1_000);
  for (let n = 0; n < 20_000; n++) void lines.add({ level: "info", text });
  gate.resolve();
  await lines.flush();
  const notices = sent.filter((line) => line.text!.includes("dropped"));
  const dropped = notices.reduce((sum, line) => sum + Number(/^(\d+) lines were dropped/.exec(line.text!)![1]), 0);
  expect(dropped).toBeGreaterThan(0);
  expect(sent.length - notices.length + dropped).toBe(20_000);
});

test("who can wait is told to when much waits, and loses nothing", async () => {
  const { sent, lines } = collecting();
  const text = "x".repeat(1_000);
  for (let n = 0; n < 20_000; n++) await lines.add({ level: "info", text });
  await lines.flush();
  expect(sent.length).toBe(20_000);
});

test("a very long line is cut, and says how long it was", async () => {
  const { sent, lines } = collecting();
  void lines.add({ level: "info", text: "x".repeat(100_000) });
  await lines.flush();
  expect(sent[0]!.text).toMatch(/x… \(100000 characters\)$/);
});
