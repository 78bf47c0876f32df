// Files that arrive in pieces, as they were said to be and on disk.

import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";

/** What a file was said to be: its sha256 in lower-case hex, and its size in bytes. */
export interface ExpectedFile {
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Writes what `chunks` give to a new file, mode 0600; resolves when it is on disk. What was written before an error stays.
 *
 * @param refused - makes the error for what is not as it was said to be.
 */
export async function writeChecked(path: string, { sha256, bytes }: ExpectedFile, chunks: AsyncIterable<Uint8Array>, refused: (why: string) => Error): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    const actual = await copy(chunks, file, bytes, refused);
    if (actual !== sha256) throw refused(`its bytes have the hash ${actual}, not ${sha256.slice(0, 64)}`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The hash of what was written. */
async function copy(chunks: AsyncIterable<Uint8Array>, file: FileHandle, bytes: number, refused: (why: string) => Error): Promise<string> {
  const hash = createHash("sha256");
  let written = 0;
  for await (const chunk of chunks) {
    written += chunk.length;
    if (written > bytes) throw refused(`it has more than the ${bytes} bytes it was said to have`);
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  if (written < bytes) throw refused(`it ended after ${written} of ${bytes} bytes`);
  return hash.digest("hex");
}

/** Resolves when the names in a directory are on disk. */
export async function syncDir(dir: string): Promise<void> {
  const handle = await open(dir, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
