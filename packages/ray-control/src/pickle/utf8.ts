// Python's UTF-8 with "surrogatepass": halves of surrogate pairs, which strings of both languages may hold and which
// standard UTF-8 replaces, keep their value on the way.

const loneSurrogate = /\p{Surrogate}/u;

export function encodeText(text: string): Buffer {
  return loneSurrogate.test(text) ? Buffer.concat(Array.from(text, encodeCharacter)) : Buffer.from(text);
}

function encodeCharacter(character: string): Buffer {
  const code = character.codePointAt(0)!;
  if (code < 0xd800 || code > 0xdfff) return Buffer.from(character);
  return Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]);
}

export function decodeText(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? decodeWithSurrogates(bytes) : text;
}

/** A surrogate half is ED A0…BF and one more byte; what lies between is standard. */
function decodeWithSurrogates(bytes: Buffer): string {
  const parts: string[] = [];
  let start = 0;
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1)) {
    const [second = 0, third = 0] = [bytes[at + 1], bytes[at + 2]];
    if (second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
    parts.push(bytes.toString("utf8", start, at), String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f)));
    start = at + 3;
  }
  parts.push(bytes.toString("utf8", start));
  return parts.join("");
}
