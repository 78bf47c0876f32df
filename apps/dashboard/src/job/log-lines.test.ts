import type { LogJson } from "@sage/protocol/json";
import { expect, test } from "vitest";
import { LogLines, mostLines } from "./log-lines.ts";

const line = (seq: number, text = `line ${seq}`): LogJson => ({ seq, time: null, level: "info", operator: "Parse", index: 0, host: "", stream: "log", text });

test("lines that come again after a reconnect are shown once", () => {
  const lines = new LogLines();
  lines.add([line(1), line(2)]);
  lines.add([line(2), line(3)]);
  expect(lines.shown.map(({ text }) => text)).toEqual(["line 1", "line 2", "line 3"]);
  expect(lines.lastSeq).toBe(3);
});

test("a text of several lines is several rows, of which the later ones go on", () => {
  const lines = new LogLines();
  lines.add([line(1, "Error: boom\n    at a.ts:1\n")]);
  expect(lines.shown.map(({ text, goesOn }) => [text, goesOn])).toEqual([["Error: boom", false], ["    at a.ts:1", true]]);
});

test("a long log keeps its newest lines, and a search finds text and operator", () => {
  const lines = new LogLines();
  lines.add(Array.from({ length: mostLines + 5 }, (_, index) => line(index + 1)));
  expect(lines.shown).toHaveLength(mostLines);
  expect(lines.shown[0]?.text).toBe("line 6");
  expect(lines.with("LINE 10004").map(({ text }) => text)).toEqual(["line 10004"]);
  expect(lines.with("parse")).toHaveLength(mostLines);
});
