import { expect, test } from "vitest";
import { InputWatermarks } from "./input-watermarks.ts";

/** What happens on a channel, how far time then is, and whether it has grown. */
type Step =
  | readonly ["at", channel: number, timeMs: number, then: number, grew: boolean]
  | readonly ["leave", channel: number, then: number, grew: boolean]
  | readonly ["wake", channel: number];

const never = -Infinity;

test.each<readonly [sentence: string, timed: readonly boolean[], steps: readonly Step[]]>([
  ["one channel's watermark is the task's", [true], [["at", 0, 5, 5, true], ["at", 0, 9, 9, true]]],
  ["an equal or an earlier watermark changes nothing", [true], [["at", 0, 5, 5, true], ["at", 0, 5, 5, false], ["at", 0, 3, 5, false]]],
  ["times before the epoch count as any others", [true, true], [["at", 0, -500, never, false], ["at", 1, -700, -700, true], ["at", 1, 0, -500, true]]],
  ["the channel that is furthest behind counts", [true, true], [["at", 0, 10, never, false], ["at", 1, 4, 4, true], ["at", 1, 30, 10, true]]],
  ["a channel that never has a watermark keeps time from beginning", [true, true], [["at", 0, 10, never, false], ["at", 0, 1_000, never, false]]],
  ["a channel without time is not waited for", [true, false], [["at", 0, 7, 7, true]]],
  ["an idle channel is not waited for", [true, true], [["at", 0, 10, never, false], ["leave", 1, 10, true]]],
  ["a channel that comes back behind the others does not pull time back, and counts once it has caught up", [true, true],
    [["at", 0, 10, never, false], ["leave", 1, 10, true], ["wake", 1], ["at", 1, 4, 10, false], ["at", 0, 20, 20, true], ["at", 1, 25, 20, false], ["at", 0, 40, 25, true]]],
  ["a channel that comes back and has caught up is waited for again", [true, true], [["at", 0, 10, never, false], ["at", 1, 10, 10, true], ["leave", 1, 10, false], ["wake", 1], ["at", 0, 50, 10, false], ["at", 1, 30, 30, true]]],
  ["when all are idle, time goes as far as the furthest of them", [true, true], [["at", 0, 10, never, false], ["at", 1, 4, 4, true], ["leave", 1, 10, true], ["leave", 0, 10, false]]],
  ["of two that end one after the other the later one's time stands", [true, true], [["at", 0, 3, never, false], ["at", 1, 8, 3, true], ["leave", 0, 8, true], ["leave", 1, 8, false]]],
  ["all of them idle without a watermark leave time where it was", [true, true], [["leave", 0, never, false], ["leave", 1, never, false]]],
  ["the end of time is a watermark like any other", [true, true], [["at", 0, Infinity, never, false], ["at", 1, 4, 4, true], ["at", 1, Infinity, Infinity, true]]],
])("%s", (_sentence, timed, steps) => {
  const time = new InputWatermarks(timed);
  for (const step of steps) {
    if (step[0] === "wake") time.wake(step[1]);
    else if (step[0] === "leave") expect([time.leave(step[1]), time.timeMs]).toEqual([step[3], step[2]]);
    else expect([time.advance(step[1], step[2]), time.timeMs]).toEqual([step[4], step[3]]);
  }
});

test("a task is idle when all of its timed channels are, and no more when something comes", () => {
  const time = new InputWatermarks([true, true, false]);
  time.leave(0);
  expect(time.isIdle).toBe(false);
  time.leave(1);
  expect(time.isIdle).toBe(true);
  time.wake(2);
  expect(time.isIdle).toBe(true); // it has no time
  time.wake(1);
  expect(time.isIdle).toBe(false);
});
