// The result as text: a CSV of everything, a table of the worst.

import type { DelaySummary } from "./delays.ts";

const columns = ["origin", "hour", "flights", "mean_delay", "p95_delay", "late_share"] as const;

const cells = (row: DelaySummary): string[] => [
  row.origin, String(row.hour), String(row.flights), row.meanDelay.toFixed(4), String(row.p95Delay), row.lateShare.toFixed(6),
];

export function toCsv(rows: readonly DelaySummary[]): string {
  return [columns.join(","), ...rows.map((row) => cells(row).join(","))].join("\n") + "\n";
}

/** The rows with the greatest mean delay, of those with enough flights to mean something. */
export function worst(rows: readonly DelaySummary[], { count, minFlights }: { count: number; minFlights: number }): DelaySummary[] {
  return rows.filter((row) => row.flights >= minFlights).sort((a, b) => b.meanDelay - a.meanDelay).slice(0, count);
}

export function toTable(rows: readonly DelaySummary[]): string {
  const lines = [
    ["airport", "hour", "flights", "mean delay", "95 %", "late > 15 min"],
    ...rows.map((row) => [
      row.origin, `${String(row.hour).padStart(2, "0")}:00`, row.flights.toLocaleString("en"), `${row.meanDelay.toFixed(1)} min`,
      `${row.p95Delay} min`, `${(row.lateShare * 100).toFixed(1)} %`,
    ]),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) => "  " + line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join("   ")).join("\n");
}
