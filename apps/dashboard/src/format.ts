// Counts, times and texts as people read them. Pure. Nothing from a job is trusted to be harmless text.

/** `999`, `12.3k`, `4.5M`, `1.2G`. */
export function showCount(count: number | undefined): string {
  if (count === undefined || !Number.isFinite(count)) return "–";
  for (const [size, unit] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]] as const) {
    if (Math.abs(count) >= size * 0.9995) return `${trim(count / size)}${unit}`;
  }
  return String(Math.round(count));
}

const trim = (value: number): string => value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);

/** `1,034,482` */
export const showWhole = (count: number): string => Math.round(count).toLocaleString("en-US");

/** `12.3k/s`; below ten with a decimal. */
export function showRate(perSecond: number | undefined): string {
  if (perSecond === undefined || !Number.isFinite(perSecond)) return "–";
  return `${perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : showCount(perSecond)}/s`;
}

/** `512 B`, `1.5 KiB`, `2.0 GiB`. */
export function showBytes(bytes: number | undefined): string {
  if (bytes === undefined || !Number.isFinite(bytes)) return "–";
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** `350 ms`, `1.2 s`, `3m 05s`, `2h 04m`, `3d 02h`. */
export function showDuration(ms: number | null | undefined): string {
  if (ms === undefined || ms === null || !Number.isFinite(ms)) return "–";
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  return `${Math.floor(minutes / 1_440)}d ${two(Math.floor((minutes % 1_440) / 60))}h`;
}

/** As {@link showDuration}, below ten milliseconds with decimals: `0.04 ms`, `3.2 ms`. */
export const showLatency = (ms: number | undefined): string => (ms !== undefined && ms < 9.95 ? `${ms < 0.1 ? ms.toFixed(2) : ms.toFixed(1)} ms` : showDuration(ms));

/** `just now`, `12 s ago`, `3 min ago`, `2 h ago`, `5 days ago`. */
export function showAge(at: string | null, nowMs: number): string {
  if (at === null) return "–";
  const seconds = Math.max(0, (nowMs - Date.parse(at)) / 1_000);
  if (seconds < 5) return "just now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? "1 day ago" : `${days} days ago`;
}

/** `2026-11-21 12:38:01`, in the viewer's time zone. */
export function showTime(at: string | null): string {
  if (at === null) return "–";
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${showClock(at).slice(0, 8)}`;
}

/** `12:38:01.250`, in the viewer's time zone. */
export function showClock(at: string | null): string {
  if (at === null) return "–";
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

export const showPercent = (ratio: number): string => `${Math.round(Math.min(1, Math.max(0, ratio)) * 100)} %`;

/** `3 jobs`, `1 job`. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${showWhole(count)} ${count === 1 ? one : many}`;

/**
 * A text from outside as one that only shows itself: control characters as pictures, marks that turn the direction of
 * writing or hide as their number; cut at `most` characters.
 */
export function plain(text: string, most = 20_000): string {
  const cut = text.length > most ? `${text.slice(0, most)}… (${showWhole(text.length)} characters)` : text;
  return cut.replace(hidden, (mark) => {
    const code = mark.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "\u2421" : `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A name on one line, short enough for a list. */
export const plainName = (name: string): string => plain(name.replace(/[\r\n\t]+/g, " "), 160) || "(no name)";

const two = (value: number): string => String(value).padStart(2, "0");
