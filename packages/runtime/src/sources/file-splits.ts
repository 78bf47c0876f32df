// Cuts the files of a source into splits that instances can read side by side.
//
// Invariants:
//   P1. The splits depend on the files and the source alone: every process that sees the same files plans the same.
//   P2. Together the splits hold every record once.

import { stat } from "node:fs/promises";
import type { FileSourceSpec } from "./file-source.ts";
import { findFiles } from "./glob.ts";
import { openParquetFile } from "./parquet-file.ts";

interface SplitOfFile {
  /** Absolute. */
  readonly path: string;
  /** Size of the whole file when it was planned. */
  readonly fileBytes: number;
}

/** A part of one file; plain JSON. */
export type SourceSplit =
  | (SplitOfFile & { readonly kind: "file" })
  | (SplitOfFile & { readonly kind: "bytes"; readonly startByte: number; readonly endByte: number })
  | (SplitOfFile & { readonly kind: "row-group"; readonly rowGroup: number; readonly bytes: number });

const defaultSplitBytes = 64 * 1024 * 1024;

/**
 * The splits of a source, in the order of its files. JSON lines, text and CSV are cut every `splitBytes` bytes,
 * Parquet at its row groups; packed files and CSV with `multiline` are not cut.
 *
 * @throws SAGE_NO_FILES, SAGE_FILE_NOT_FOUND, SAGE_BAD_PARQUET
 */
export async function planSplits(spec: FileSourceSpec, signal: AbortSignal): Promise<SourceSplit[]> {
  const splits: SourceSplit[] = [];
  for (const path of await findFiles(spec.paths, spec.baseDir, signal)) {
    signal.throwIfAborted();
    splits.push(...(await splitsOf(path, spec)));
  }
  return splits;
}

/** Bytes that reading a split takes. */
export function bytesOf(split: SourceSplit): number {
  if (split.kind === "file") return split.fileBytes;
  return split.kind === "bytes" ? split.endByte - split.startByte : split.bytes;
}

async function splitsOf(path: string, spec: FileSourceSpec): Promise<SourceSplit[]> {
  if (spec.format === "parquet") return rowGroupsOf(path);
  const { size: fileBytes } = await stat(path);
  if (fileBytes === 0) return [];
  if (path.endsWith(".gz") || (spec.format === "csv" && spec.csv?.multiline)) return [{ kind: "file", path, fileBytes }];
  const splitBytes = spec.splitBytes ?? defaultSplitBytes;
  const splits: SourceSplit[] = [];
  for (let startByte = 0; startByte < fileBytes; startByte += splitBytes) {
    splits.push({ kind: "bytes", path, fileBytes, startByte, endByte: Math.min(startByte + splitBytes, fileBytes) });
  }
  return splits;
}

async function rowGroupsOf(path: string): Promise<SourceSplit[]> {
  await using file = await openParquetFile(path);
  return file.metadata.row_groups.flatMap((group, rowGroup) => {
    const bytes = group.columns.reduce((sum, column) => sum + Number(column.meta_data?.total_compressed_size ?? 0), 0);
    return group.num_rows > 0n ? [{ kind: "row-group" as const, path, fileBytes: file.byteLength, rowGroup, bytes }] : [];
  });
}
