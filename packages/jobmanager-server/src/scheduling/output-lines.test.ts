import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { forEachLine, LastLines } from "./output-lines.ts";

async function linesOf(...chunks: (string | Buffer)[]): Promise<string[]> {
  const lines: string[] = [];
  await forEachLine(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), (line) => void lines.push(line));
  return lines;
}

test("lines are put together across chunks, also inside a character, and the last needs no end", async () => {
  const snowman = Buffer.from("☃");
  expect(await linesOf("a", "b\nc\r\n", "\n", snowman.subarray(0, 1), snowman.subarray(1), "d")).toEqual(["ab", "c", "", "☃d"]);
});

test("an endless line is cut, not collected", async () => {
  const lines = await linesOf("x".repeat(40_000), "y\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(16 * 1024);
  expect(lines.join("")).toBe(`${"x".repeat(40_000)}y`);
});

test("only the last lines are remembered", () => {
  const last = new LastLines(2);
  for (const line of ["a", "b", "c"]) last.push(line);
  expect(String(last)).toBe("b\nc");
});
