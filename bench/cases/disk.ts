// What the disk has, and how fast it is when nothing but bytes are written.

import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Of all files below a folder. */
export async function bytesIn(dir: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

/** Writes as many bytes as plainly as can be, and syncs them. */
export async function plainWriteSeconds(path: string, bytes: number): Promise<number> {
  const chunk = Buffer.alloc(256 * 1024, "x");
  const started = performance.now();
  const file = await open(path, "wx");
  for (let written = 0; written < bytes; written += chunk.length) await file.write(chunk);
  await file.sync();
  await file.close();
  return (performance.now() - started) / 1_000;
}
