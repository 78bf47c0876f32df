// What every file format offers: the records of one split, in batches, and where the next one stands.

import type { FileHandle } from "node:fs/promises";

/** Where the next unread record of a split is; plain JSON. `byte` counts in the unpacked text of the file. */
export type SplitOffset = { readonly byte: number; readonly line: number | null } | { readonly row: number };

export interface SplitReader extends AsyncDisposable {
  /**
   * The next records, at least one, or null at the end. After a `SAGE_BAD_RECORD` it may be called again and goes on
   * behind the bad record; the records before the bad one have been returned by the call before.
   */
  next(): Promise<unknown[] | null>;
  /** The offset from which a new reader of the same split goes on. */
  position(): SplitOffset;
  /** Bytes of the file read so far, for progress. */
  readonly bytesRead: number;
}

/** Fills `target` from `fromByte` on, as far as the file goes. Returns the number of bytes read. */
export async function readFully(handle: FileHandle, target: Uint8Array, fromByte: number): Promise<number> {
  let filled = 0;
  while (filled < target.length) {
    const { bytesRead } = await handle.read(target, filled, target.length - filled, fromByte + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
