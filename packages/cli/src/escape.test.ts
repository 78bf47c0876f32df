import { expect, test } from "vitest";
import { escapeLine, escapeLines, safeJson } from "./escape.ts";
import { yamlLines } from "./yaml-text.ts";

const hostile = "a\u001b[31mred\u0007\u009b2J\r\nfake line\t\u202eright\u200bto\ufeffleft\ud800 \u2028end\u007f";

test("no control character, escape sequence or direction mark gets through", () => {
  const shown = escapeLine(hostile);
  expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  expect(shown).toBe("a\\e[31mred\\u{7}\\u{9b}2J\\r\\nfake line\\t\\u{202e}right\\u{200b}to\\u{feff}left\\u{d800} \\u{2028}end\\u{7f}");
});

test("words in any script and joined emoji stay as they are", () => {
  const text = "naïve 名前 می‌خواهم 👩‍👩‍👧 ✓";
  expect(escapeLine(text)).toBe(text);
});

test("a longer text keeps its lines, and only its lines", () => {
  expect(escapeLines("one\n\ttwo\r\nthree\u001b[2J")).toEqual(["one", "  two", "three\\e[2J"]);
});

test("JSON and YAML of hostile text hold no raw control character and read back as the same text", () => {
  const value = { [hostile]: [hostile, 1, null, "true", "", "- x", "{}"], nested: [[1, [2]], {}, []] };
  expect(safeJson(value)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\u2028]/u);
  expect(JSON.parse(safeJson(value, 2))).toEqual(value);
  expect(yamlLines(value).join("\n").replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\u2028]/u);
});

test("YAML shows maps and lists as blocks, and quotes what could be read as something else", () => {
  expect(yamlLines({ a: 1, list: ["x", "yes", "1.5", { k: "v", deep: [true] }, ["n1", 2]], empty: {}, none: null, left: undefined })).toEqual([
    "a: 1", "list:", "  - x", '  - "yes"', '  - "1.5"', "  - k: v", "    deep:", "      - true", "  - - n1", "    - 2", "empty: {}", "none: null",
  ]);
});
