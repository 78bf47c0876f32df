import { expect, test } from "vitest";
import { plain, plainName, showAge, showBytes, showCount, showDuration, showRate } from "./format.ts";

test.each([[0, "0"], [999, "999"], [1_000, "1.00k"], [12_345, "12.3k"], [999_960, "1.00M"], [4_500_000, "4.50M"], [1.2e9, "1.20G"], [undefined, "–"], [Number.NaN, "–"]])("a count of %s reads %s", (count, text) => {
  expect(showCount(count)).toBe(text);
});

test.each([[0, "0/s"], [0.4, "0.4/s"], [9.96, "10.0/s"], [480_000, "480k/s"]])("a rate of %s reads %s", (rate, text) => {
  expect(showRate(rate)).toBe(text);
});

test.each([[0, "0 B"], [1_023, "1023 B"], [1_536, "1.5 KiB"], [2 ** 31, "2.0 GiB"]])("%s bytes read %s", (bytes, text) => {
  expect(showBytes(bytes)).toBe(text);
});

test.each([[null, "–"], [349.6, "350 ms"], [1_200, "1.2 s"], [59_960, "1m 00s"], [7_440_000, "2h 04m"], [266_400_000, "3d 02h"]])("%s ms read %s", (ms, text) => {
  expect(showDuration(ms)).toBe(text);
});

test("an age counts from the daemon's clock", () => {
  expect(showAge("2026-11-21T12:00:00Z", Date.parse("2026-11-21T12:00:42Z"))).toBe("42 s ago");
  expect(showAge("2026-11-20T12:00:00Z", Date.parse("2026-11-21T13:00:00Z"))).toBe("1 day ago");
  expect(showAge(null, 0)).toBe("–");
});

test("what would steer a reader's eye is shown instead of obeyed", () => {
  expect(plain("a\u001b[31mred\u202Egnp.exe\u0000\u007f")).toBe("a␛[31mred⟨U+202E⟩gnp.exe␀␡");
  expect(plain("two\nlines\tand a tab")).toBe("two\nlines\tand a tab");
  expect(plain("x".repeat(100), 10)).toBe(`${"x".repeat(10)}… (100 characters)`);
  expect(plainName("")).toBe("(no name)");
  expect(plainName("a\n\nb")).toBe("a b");
});
