// Durations, counts and times as people read them.

export { toRfc3339 } from "@sage/protocol/json";

/** `1.2s`, `3m 05s`, `2h 04m`, `3d 02h`; `-` for undefined. */
export function showDuration(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return "-";
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))}ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  return `${Math.floor(minutes / 1_440)}d ${two(Math.floor((minutes % 1_440) / 60))}h`;
}

/** `1 job`, `2 jobs`. @param what - one of them; its plural ends in "s". */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** `999`, `12.3k`, `4.5M`, `1.2G`. */
export function showCount(count: number): string {
  if (!Number.isFinite(count)) return "-";
  for (const [size, unit] of [[1e9, "G"], [1e6, "M"], [1e4, "k"]] as const) {
    if (count >= size) return `${(count / (unit === "k" ? 1e3 : size)).toFixed(1)}${unit}`;
  }
  return String(Math.round(count));
}

/** `2026-11-21 12:38:01` in local time; `-` for 0 and undefined. */
export function showTime(atMs: number | undefined): string {
  if (!isTime(atMs)) return "-";
  const at = new Date(atMs);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `12:38:01.250` in local time. */
export function showClock(atMs: number): string {
  if (!isTime(atMs)) return "-";
  const at = new Date(atMs);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

const isTime = (atMs: number | undefined): atMs is number => atMs !== undefined && atMs > 0 && atMs <= 8.64e15;
const two = (value: number) => String(value).padStart(2, "0");
