// How values are shown in errors: short, on one line, and without characters that change a terminal or hide others.

// Controls (C0, C1), invisible and direction-turning marks, lone halves of pairs, line and paragraph separators.
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The text with unsafe characters escaped, cut at `maxLength`. */
export function printable(text: string, maxLength: number): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return cut.replace(unsafe, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

/** `"two words"`, `42`, `true`, `a list of 3`, `a section`, `nothing`. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "string") return `"${printable(value.slice(0, 60), 60)}${value.length > 60 ? "…" : ""}"`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object") return "a section";
  return printable(String(value), 60);
}
