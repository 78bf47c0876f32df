// What is kept of the flights of one airport and hour, and what is said of them.

export interface Flight {
  readonly date: Date;
  /** Minutes; negative: early; null: unknown. */
  readonly delay: number | null;
  readonly origin: string;
}

export interface Departure {
  readonly origin: string;
  /** Of the day, 0 to 23. */
  readonly hour: number;
  readonly delay: number | null;
}

/** Delays are whole minutes: counted by value they need little memory and give exact percentiles in any order. */
export interface Delays {
  origin: string;
  hour: number;
  flights: number;
  known: number;
  sum: number;
  late: number;
  readonly byMinutes: Map<number, number>;
}

export interface DelaySummary {
  readonly origin: string;
  readonly hour: number;
  readonly flights: number;
  /** Minutes. */
  readonly meanDelay: number;
  /** Minutes: the smallest delay that at least 95 % of the flights do not exceed (nearest rank). */
  readonly p95Delay: number;
  /** Share of flights more than 15 minutes late, 0 to 1. */
  readonly lateShare: number;
}

export const noFlights = (): Delays => ({ origin: "", hour: 0, flights: 0, known: 0, sum: 0, late: 0, byMinutes: new Map() });

export function addFlight(delays: Delays, { origin, hour, delay }: Departure): Delays {
  delays.origin = origin;
  delays.hour = hour;
  delays.flights++;
  if (delay === null) return delays;
  delays.known++;
  delays.sum += delay;
  if (delay > 15) delays.late++;
  delays.byMinutes.set(delay, (delays.byMinutes.get(delay) ?? 0) + 1);
  return delays;
}

export function summarize({ origin, hour, flights, known, sum, late, byMinutes }: Delays): DelaySummary {
  return { origin, hour, flights, meanDelay: sum / known, p95Delay: percentile(byMinutes, known, 0.95), lateShare: late / known };
}

function percentile(counts: ReadonlyMap<number, number>, total: number, share: number): number {
  const rank = Math.ceil(total * share);
  let seen = 0;
  for (const [value, count] of [...counts].sort(([a], [b]) => a - b)) {
    seen += count;
    if (seen >= rank) return value;
  }
  return Number.NaN;
}
