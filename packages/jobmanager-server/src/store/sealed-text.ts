// Text with a checksum in front, so that what a disk has changed is not taken for what was written.

import { crc32 } from "node:zlib";

/** The CRC-32 of `text`, eight digits. */
export const checksumOf = (text: string): string => crc32(text).toString(16).padStart(8, "0");

/** `text` with its CRC-32 in front, in a line of its own. */
export const sealed = (text: string): string => `${checksumOf(text)}\n${text}`;

/** What was sealed; undefined: it has changed since. JSON of an object that was never sealed, by an earlier Sage, is taken as it is. */
export function unsealed(stored: string): string | undefined {
  if (stored.startsWith("{")) return stored;
  const text = stored.slice(9);
  return sealed(text) === stored ? text : undefined;
}
