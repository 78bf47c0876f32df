// The escapes of text inside pickles of protocols 0 to 2. Input and output of both directions are Latin-1 text.

/** Python's raw-unicode-escape: only `\uXXXX` and `\UXXXXXXXX` are escapes. */
export function rawUnicode(text: string): string {
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short: string | undefined, long: string | undefined) => {
    const code = Number.parseInt(short ?? long ?? "", 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** As {@link rawUnicode} reads it; every character that ends a line is escaped. */
export function toRawUnicode(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    if (code > 0xffff) return `\\U${code.toString(16).padStart(8, "0")}`;
    return code > 0xff || "\\\0\n\r\x1a".includes(character) ? `\\u${code.toString(16).padStart(4, "0")}` : character;
  }).join("");
}

const named: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v", a: "\x07", "\\": "\\", "'": "'", '"': '"', "\n": "" };

/** The inside of a bytes literal as Python 2 wrote it; each character of the result is one byte. */
export function escapedBytes(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g, (whole, hex?: string, octal?: string, letter?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    return named[letter ?? ""] ?? whole;
  });
}
