// A plain table: no borders, two spaces between columns, as wide as the terminal. Cells are escaped here, so a name
// may hold anything.

import { escapeLine } from "./escape.ts";
import type { Paint, StyleName } from "./io.ts";
import { cutTo, widthOf } from "./text-width.ts";

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | undefined;
  /** Numbers and durations stand at the right. */
  readonly align?: "left" | "right";
  /** Shown by `-o wide` alone. */
  readonly wide?: boolean;
  /** Columns that this one keeps when the terminal is too narrow; without it, it is never cut. */
  readonly minWidth?: number;
  readonly style?: (row: Row) => StyleName | undefined;
}

const gap = "  ";
const cellLimit = 500;

/** Lines of text: the titles, then one line a row. `width` is that of the terminal; undefined: nothing is cut. */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width?: number, paint: Paint = (_, text) => text): string[] {
  const cells = rows.map((row) => columns.map((column) => cutTo(escapeLine(String(column.value(row) ?? "-")), cellLimit)));
  const widths = fit(columns, columns.map((column, i) => Math.max(widthOf(column.title), ...cells.map((line) => widthOf(line[i]!)))), width);
  const line = (texts: readonly string[], styleOf: (column: Column<Row>) => StyleName | undefined) =>
    texts.map((text, i) => pad(text, widths[i]!, columns[i]!.align, i === texts.length - 1, (shown) => {
      const style = styleOf(columns[i]!);
      return style ? paint(style, shown) : shown;
    })).join(gap).trimEnd();
  return [line(columns.map((column) => column.title), () => "dim"), ...cells.map((texts, at) => line(texts, (column) => column.style?.(rows[at]!)))];
}

/** Takes columns away from the widest one that may shrink, until all fit. */
function fit<Row>(columns: readonly Column<Row>[], wanted: readonly number[], width: number | undefined): number[] {
  const widths = [...wanted];
  if (width === undefined) return widths;
  const shrinkable = () => columns.map((column, i) => ({ i, spare: column.minWidth === undefined ? 0 : widths[i]! - column.minWidth })).filter(({ spare }) => spare > 0);
  for (let over = total(widths) - width; over > 0; over = total(widths) - width) {
    const [widest] = shrinkable().sort((a, b) => b.spare - a.spare);
    if (!widest) break;
    widths[widest.i]! -= Math.min(over, widest.spare);
  }
  return widths;
}

const total = (widths: readonly number[]) => widths.reduce((sum, each) => sum + each, 0) + gap.length * (widths.length - 1);

function pad(text: string, width: number, align: "left" | "right" | undefined, isLast: boolean, style: (text: string) => string): string {
  const shown = cutTo(text, width);
  const space = " ".repeat(Math.max(0, width - widthOf(shown)));
  if (align === "right") return space + style(shown);
  return isLast ? style(shown) : style(shown) + space;
}
