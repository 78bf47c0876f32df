// A heat map as SVG: the busiest airports down, the hours of the day across, the mean delay as colour.

import type { DelaySummary } from "./delays.ts";

const cell = { width: 30, height: 20 };
const margin = { left: 56, top: 58, right: 20, bottom: 34 };
const airportsShown = 25;

/** @returns an SVG document; the same rows give the same bytes. */
export function delayChart(rows: readonly DelaySummary[]): string {
  const airports = busiest(rows);
  const width = margin.left + 24 * cell.width + margin.right;
  const height = margin.top + airports.length * cell.height + margin.bottom;
  const places = new Map(airports.map((airport, index) => [airport, margin.top + index * cell.height]));
  const shown = rows.filter((row) => places.has(row.origin));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(margin.left, 22, "Mean departure delay by airport and hour, in minutes", `font-size="15" font-weight="bold"`),
    text(margin.left, 40, `the ${airports.length} busiest airports; white: no flights`, `fill="#666666"`),
    ...airports.map((airport) => text(margin.left - 6, places.get(airport)! + 14, airport, `text-anchor="end"`)),
    ...hours().map((hour) => text(x(hour) + cell.width / 2, height - margin.bottom + 16, String(hour), `text-anchor="middle"`)),
    ...shown.map((row) => square(row, places.get(row.origin)!)),
    `</svg>`,
  ].join("\n") + "\n";
}

const hours = () => Array.from({ length: 24 }, (_, hour) => hour);
const x = (hour: number) => margin.left + hour * cell.width;
const text = (left: number, top: number, content: string, style: string) => `<text x="${left}" y="${top}" ${style}>${content.replace(/[<>&]/g, "")}</text>`;

function busiest(rows: readonly DelaySummary[]): string[] {
  const flights = new Map<string, number>();
  for (const row of rows) flights.set(row.origin, (flights.get(row.origin) ?? 0) + row.flights);
  return [...flights].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, airportsShown).map(([airport]) => airport);
}

function square(row: DelaySummary, top: number): string {
  const minutes = row.meanDelay.toFixed(1);
  const box = `<rect x="${x(row.hour)}" y="${top}" width="${cell.width - 1}" height="${cell.height - 1}" fill="${colour(row.meanDelay)}">`;
  return `${box}<title>${row.origin.replace(/[<>&]/g, "")} ${row.hour}:00: ${minutes} min, ${row.flights} flights</title></rect>`;
}

/** Blue for early, pale for punctual, red from half an hour on. */
function colour(minutes: number): string {
  const share = Math.max(-1, Math.min(1, minutes / 30));
  const fade = Math.round(240 * (1 - Math.abs(share)));
  return share < 0 ? `rgb(${fade},${fade},240)` : `rgb(240,${fade},${Math.round(fade * 0.9)})`;
}
