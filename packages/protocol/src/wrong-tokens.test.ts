import { expect, test } from "vitest";
import { WrongTokens } from "./wrong-tokens.ts";

test("the first wrong token is answered at once, then five a second, of one address and whatever port", () => {
  const wrong = new WrongTokens();
  expect([0, 0, 0, 0, 0, 0].map((_, i) => wrong.note(`10.0.0.1:${4_000 + i}`, 1_000))).toEqual([0, 200, 400, 600, 800, 1_000]);
  expect(wrong.note("10.0.0.2:4000", 1_000)).toBe(0);
  expect(wrong.note("10.0.0.1:4000", 60_000)).toBe(0);
});

test("an address with too many answers to come is not looked at, until they are given", () => {
  const wrong = new WrongTokens();
  for (let i = 0; i < 25; i++) wrong.note("[::1]:5", 0);
  expect(wrong.mayTry("[::1]:6", 0)).toBe(false);
  expect(wrong.mayTry("[::2]:6", 0)).toBe(true);
  expect(wrong.mayTry("[::1]:6", 1_000)).toBe(true);
});
