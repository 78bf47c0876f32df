// Text from outside (job names, log lines, errors) made harmless for a terminal.
//
// Invariant: what leaves here holds no control character, no escape sequence, and nothing that hides text or turns its
// direction. Joiners stay: they are part of words and of emoji.

// C0, C1, DEL; format characters but ZWNJ and ZWJ; lone surrogates; line and paragraph separators.
const unsafe = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u001b": "\\e" };

/** One line of text: every unsafe character is shown as an escape, such as `\n`, `\e` or `\u{202e}`. */
export function escapeLine(text: string): string {
  return text.replace(unsafe, (character) => named[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** The lines of a longer text, each harmless; tabs become two spaces. */
export function escapeLines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => escapeLine(line.replaceAll("\t", "  ")));
}

/** JSON on one line (or indented), with the unsafe characters that JSON itself lets through written as `\uXXXX`. */
export function safeJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent) ?? "null";
  return text.replace(unsafe, (found) => (found === "\n" ? found : codeUnits(found)));
}

function codeUnits(text: string): string {
  let escaped = "";
  for (let i = 0; i < text.length; i++) escaped += `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`;
  return escaped;
}
