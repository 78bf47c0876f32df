import { expect, test } from "vitest";
import { PipelineBuilder } from "./environment.ts";
import { tumbling } from "./window-specs.ts";

/** The types say so too: this is for programs that nobody has checked. */
type Untyped = never;
const slip = { paralelism: 2 } as Untyped;

const mistakes: Record<string, (env: PipelineBuilder) => unknown> = {
  "a source": (env) => env.fromIterable([1], slip),
  "a file": (env) => env.fromFile("a.txt", slip),
  "a map": (env) => env.fromIterable([1]).map((n) => n, slip),
  "what is set behind": (env) => env.fromIterable([1]).map((n) => n).with(slip),
  "a reduce": (env) => env.fromIterable([1]).keyBy((n) => n).reduce((n) => n, slip),
  "watermarks": (env) => env.fromIterable([1]).assignTimestamps((n) => n, slip),
  "a window": (env) => env.fromIterable([1]).keyBy((n) => n).window(tumbling(10)).reduce((n) => n, slip),
  "a join": (env) => env.fromIterable([1]).keyBy((n) => n).connect(env.fromIterable([1]).keyBy((n) => n)).join((a, b) => [a, b], slip),
  "a sink": (env) => env.fromIterable([1]).sink(() => {}, slip),
  "a printer": (env) => env.fromIterable([1]).print("", slip),
  "a service": (env) => env.registerService("s", class { ask() { return 1; } }, { ...(slip as object), timeoutMs: 1 } as Untyped),
};

test.each(Object.keys(mistakes))("an option of %s that nobody takes is an error that names it, its place and the nearest", (what) => {
  const run = () => mistakes[what]!(new PipelineBuilder("test"));
  expect(run).toThrow(expect.objectContaining({ code: "SAGE_UNKNOWN_OPTION", message: expect.stringMatching(/ has no option "paralelism" \(.*known-options\.test\.ts:\d+:\d+\)$/) as string }));
  if (what !== "a service") expect(run).toThrow(expect.objectContaining({ hint: 'Did you mean "parallelism"?' }));
});
