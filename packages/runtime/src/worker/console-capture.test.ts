import { expect, test } from "vitest";
import { runAt } from "../current-operator.ts";
import { captureConsole } from "./console-capture.ts";
import type { NewLine } from "./log-lines.ts";

function captured(work: () => void): NewLine[] {
  const lines: NewLine[] = [];
  const capture = captureConsole((line) => { lines.push(line); });
  try {
    work();
  } finally {
    capture[Symbol.dispose]();
  }
  return lines;
}

test("lines of stdout and stderr carry the operator that wrote them", async () => {
  const at = (name: string, index: number, work: () => void) => runAt(() => ({ name, index }), work);
  const lines = captured(() => {
    at("DoubleMap", 1, () => { process.stdout.write("a\nb\n"); });
    at("PrintSink", 0, () => { process.stderr.write(Buffer.from("c\n")); });
    process.stdout.write("d\n");
  });
  expect(lines).toEqual([
    { level: "info", place: { name: "DoubleMap", index: 1 }, stream: "stdout", text: "a" },
    { level: "info", place: { name: "DoubleMap", index: 1 }, stream: "stdout", text: "b" },
    { level: "warn", place: { name: "PrintSink", index: 0 }, stream: "stderr", text: "c" },
    { level: "info", place: undefined, stream: "stdout", text: "d" },
  ]);
});

test("parts of a line are joined; another operator's line does not run into it", () => {
  const lines = captured(() => {
    runAt(() => ({ name: "a", index: 0 }), () => { process.stdout.write("one "); process.stdout.write("two\nthree"); });
    runAt(() => ({ name: "b", index: 0 }), () => { process.stdout.write("four\n"); process.stdout.write("five"); });
  });
  expect(lines.map(({ place, text }) => `${place?.name}: ${text}`)).toEqual(["a: one two", "a: three", "b: four", "b: five"]);
});

test("the operator is still known behind an await", async () => {
  const lines: NewLine[] = [];
  const capture = captureConsole((line) => { lines.push(line); });
  const later = async (text: string) => {
    await new Promise(setImmediate);
    process.stdout.write(`${text}\n`);
  };
  await Promise.all([runAt(() => ({ name: "a", index: 0 }), () => later("1")), runAt(() => ({ name: "b", index: 0 }), () => later("2"))]);
  capture[Symbol.dispose]();
  expect(lines.map(({ place, text }) => `${place?.name}: ${text}`)).toEqual(["a: 1", "b: 2"]);
});
