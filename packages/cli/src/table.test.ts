import { expect, test } from "vitest";
import { renderTable, type Column } from "./table.ts";
import { cutTo, widthOf } from "./text-width.ts";

interface Row { readonly name: string; readonly count: number | undefined }
const columns: readonly Column<Row>[] = [
  { title: "NAME", value: (row) => row.name, minWidth: 6 },
  { title: "COUNT", value: (row) => row.count, align: "right" },
];
const rows: readonly Row[] = [{ name: "flights", count: 3_000_000 }, { name: "a\u001b[2J\nb", count: 7 }, { name: "名前の長いジョブ", count: undefined }];

test("numbers stand at the right, missing values are a dash, names cannot break the table", () => {
  expect(renderTable(rows, columns)).toEqual([
    "NAME                COUNT",
    "flights           3000000",
    "a\\e[2J\\nb               7",
    "名前の長いジョブ        -",
  ]);
});

test("a narrow terminal cuts the columns that may be cut, and no line is wider than it", () => {
  const lines = renderTable(rows, columns, 16);
  expect(lines).toEqual(["NAME       COUNT", "flights  3000000", "a\\e[2J…        7", "名前の…        -"]);
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(16);
});

test("a table that cannot fit keeps the columns that must not be cut", () => {
  expect(renderTable(rows, columns, 5)[1]).toBe("fligh…  3000000");
});

test("wide characters count two columns, marks none, and cutting counts columns", () => {
  expect([widthOf("abc"), widthOf("名前"), widthOf("e\u0301"), widthOf("👍")]).toEqual([3, 4, 1, 2]);
  expect([cutTo("abcdef", 4), cutTo("名前前", 4), cutTo("abc", 3), cutTo("abc", 0)]).toEqual(["abc…", "名…", "abc", ""]);
});

test("a name of a megabyte is one short cell", () => {
  expect(renderTable([{ name: "x".repeat(1_000_000), count: 1 }], columns)[1]!.length).toBeLessThan(600);
});
