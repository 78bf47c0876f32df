import { expect, test } from "vitest";
import { openIo, paint, wantsColor } from "./io.ts";
import { TextSink } from "./testing/capture.ts";

const esc = "\u001b";

test("colour is for terminals; NO_COLOR and --no-color take it away, FORCE_COLOR brings it", () => {
  const [terminal, file] = [new TextSink(80), new TextSink()];
  expect(wantsColor(terminal, {})).toBe(true);
  expect(wantsColor(file, {})).toBe(false);
  expect(wantsColor(file, { FORCE_COLOR: "1" })).toBe(true);
  expect(wantsColor(terminal, { FORCE_COLOR: "0" })).toBe(false);
  expect(wantsColor(terminal, { NO_COLOR: "1", FORCE_COLOR: "1" })).toBe(false);
  expect(wantsColor(terminal, { FORCE_COLOR: "1" }, true)).toBe(false);
  expect(wantsColor(terminal, { TERM: "dumb" })).toBe(false);
});

test("text in colour is escaped too", () => {
  const stdout = new TextSink(80);
  openIo({ stdout, stderr: new TextSink(), env: {} }).line(paint("red", `x${esc}[0m`), " y\u0007");
  expect(stdout.text).toBe(`${esc}[31mx\\e[0m${esc}[39m y\\u{7}\n`);
});

test("each stream has its own colour, and --quiet hides notes but no errors", () => {
  const [stdout, stderr] = [new TextSink(), new TextSink(80)];
  const io = openIo({ stdout, stderr, env: {}, quiet: true });
  io.line(paint("green", "result"));
  io.note("a hint");
  io.error(paint("red", "bad"));
  expect(stdout.text).toBe("result\n");
  expect(stderr.text).toBe(`${esc}[31mbad${esc}[39m\n`);
});
