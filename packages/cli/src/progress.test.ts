import type { Clock } from "@sage/core";
import { expect, test } from "vitest";
import { openIo } from "./io.ts";
import { barText, openProgress, shareTerminal } from "./progress.ts";
import { TextSink } from "./testing/capture.ts";

const state = { label: "flights", status: "running", records: 1_300_000, recordsPerSecond: 310_000, fraction: 0.42 };
const ioOf = (columns?: number) => {
  const stderr = new TextSink(columns);
  return { stderr, io: openIo({ stdout: new TextSink(), stderr, env: {} }) };
};

test("the bar shows the share, the records and their rate, within the terminal's width", () => {
  expect(barText(state, 80)).toBe("flights ━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌  42%  1.3M records  310.0k/s");
  expect(barText({ ...state, fraction: undefined, status: "recovering" }, 80)).toBe("flights 1.3M records  310.0k/s  recovering");
  expect(barText({ ...state, fraction: undefined, heldBackBy: "score 98% busy" }, 80)).toBe("flights 1.3M records  310.0k/s  score 98% busy");
  expect(barText(state, 20)).toHaveLength(20);
});

test("on a terminal the bar is redrawn in place and gone at the end", () => {
  const { io, stderr } = ioOf(80);
  {
    using bar = openProgress(io);
    bar.update(state);
    bar.update(state);
    bar.update({ ...state, fraction: 1 });
  }
  expect(stderr.text.match(/\r/g)).toHaveLength(3);
  expect(stderr.text).not.toContain("\n");
  expect(stderr.text.endsWith("\r\u001b[K")).toBe(true);
});

test("elsewhere it is plain lines, at most one a second, and one for each change of status", () => {
  const { io, stderr } = ioOf();
  let nowMs = 0;
  const clock: Clock = { now: () => nowMs, monotonicMs: () => nowMs, sleep: () => Promise.resolve() };
  using bar = openProgress(io, { clock });
  for (; nowMs < 2_500; nowMs += 100) bar.update({ ...state, fraction: undefined, records: nowMs });
  bar.update({ ...state, status: "completed", fraction: 1 });
  expect(stderr.text).toBe([
    "flights: running, 0 records, 310.0k/s", "flights: running, 1000 records, 310.0k/s", "flights: running, 2000 records, 310.0k/s",
    "flights: completed, 100%, 1.3M records, 310.0k/s", "",
  ].join("\n"));
});

test("the bar steps aside for what a program prints, and the stream is given back", () => {
  const { io, stderr } = ioOf(80);
  const stdout = new TextSink(80);
  const write = stdout.write;
  {
    using bar = openProgress(io);
    using _shared = shareTerminal([stdout, stderr], bar);
    bar.update(state);
    stdout.write("a line\n");
    expect(stderr.text.endsWith("\r\u001b[K")).toBe(true);
  }
  expect(stdout.text).toBe("a line\n");
  expect(stdout.write).toBe(write);
});
