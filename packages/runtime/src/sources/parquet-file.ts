// An open Parquet file with its footer.

import { open, type FileHandle } from "node:fs/promises";
import { isSageError } from "@sage/core";
import { parquetMetadataAsync, parquetSchema, type AsyncBuffer, type FileMetaData, type SchemaTree } from "hyparquet";
import { BadParquetError } from "./source-errors.ts";
import { readFully } from "./split-reader.ts";

export interface ParquetFile extends AsyncDisposable {
  readonly path: string;
  readonly handle: FileHandle;
  readonly byteLength: number;
  readonly metadata: FileMetaData;
  readonly schema: SchemaTree;
  /** The file as hyparquet wants it. */
  readonly buffer: AsyncBuffer;
}

/** @throws {@link BadParquetError} if the file is no Parquet or its footer cannot be read. */
export async function openParquetFile(path: string): Promise<ParquetFile> {
  const handle = await open(path, "r");
  try {
    const byteLength = (await handle.stat()).size;
    if (byteLength < 12) throw new BadParquetError(path, `not a Parquet file: it has ${byteLength} bytes`);
    const buffer: AsyncBuffer = { byteLength, slice: (start, end) => readSlice(handle, start, end ?? byteLength) };
    const metadata = await parquetMetadataAsync(buffer, { geoparquet: false });
    let closing: Promise<void> | undefined;
    const close = () => (closing ??= handle.close());
    return { path, handle, byteLength, metadata, schema: parquetSchema(metadata), buffer, [Symbol.asyncDispose]: close };
  } catch (error) {
    await handle.close();
    throw isSageError(error) ? error : new BadParquetError(path, "its footer cannot be read", { cause: error });
  }
}

async function readSlice(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  const length = await readFully(handle, bytes, start);
  if (length < bytes.length) throw new Error(`the file ends at byte ${start + length}`);
  return bytes.buffer;
}
