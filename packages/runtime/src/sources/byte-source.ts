// The bytes of a file in order, plain or gunzipped: what lines are cut from.

import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { BadGzipError, FilesChangedError } from "./source-errors.ts";

export interface ByteSource extends AsyncDisposable {
  /** Reads at most `target.length` bytes into `target`; 0 at the end. */
  read(target: Buffer): Promise<number>;
  /** Bytes of the file itself read so far: packed ones if it is packed. */
  readonly bytesRead: number;
}

/** Opens `path` at `fromByte`. @throws FilesChangedError if it is shorter than `plannedBytes` by now. */
export async function openBytes(path: string, fromByte: number, plannedBytes: number): Promise<ByteSource> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    if (size < plannedBytes) throw new FilesChangedError(`${path} shrank from ${plannedBytes} to ${size} bytes`);
  } catch (error) {
    await handle.close();
    throw error;
  }
  let at = fromByte;
  let closing: Promise<void> | undefined;
  return {
    async read(target) {
      const { bytesRead } = await handle.read(target, 0, target.length, at);
      at += bytesRead;
      return bytesRead;
    },
    get bytesRead() {
      return at - fromByte;
    },
    [Symbol.asyncDispose]: () => (closing ??= handle.close()),
  };
}

/** Opens a gzip file, also one of several members, and skips the first `fromByte` bytes of its text. */
export async function openGunzipped(path: string, fromByte: number, signal: AbortSignal): Promise<ByteSource> {
  const packed = createReadStream(path);
  const text = createGunzip();
  // The reader below meets every error of the pipeline as an error of `text`.
  const ended = new Promise<void>((resolve) => {
    pipeline(packed, text, () => resolve());
  });
  const chunks: AsyncIterator<Buffer> = text[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  let toSkip = fromByte;
  return {
    async read(target) {
      while (rest.length === 0) {
        signal.throwIfAborted();
        const chunk = await chunks.next().catch((error: NodeJS.ErrnoException) => {
          throw error.code?.startsWith("Z_") ? new BadGzipError(path, error) : error;
        });
        if (chunk.done) return 0;
        const skipped = Math.min(toSkip, chunk.value.length);
        toSkip -= skipped;
        rest = chunk.value.subarray(skipped);
      }
      const length = rest.copy(target);
      rest = rest.subarray(length);
      return length;
    },
    get bytesRead() {
      return packed.bytesRead;
    },
    async [Symbol.asyncDispose]() {
      packed.destroy();
      text.destroy();
      await ended;
    },
  };
}
