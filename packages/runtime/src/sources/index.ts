export { openFileReader, type FileReader, type FileReaderOptions, type FileSourceSpec } from "./file-source.ts";
export { planSplits, type SourceSplit } from "./file-splits.ts";
export { redistribute, type FilePosition } from "./file-position.ts";
export type { CsvOptions } from "./csv.ts";
export type { CsvType } from "./csv-values.ts";
export type { ParquetOptions } from "./parquet.ts";
export type { SplitOffset } from "./split-reader.ts";
export { findFiles } from "./glob.ts";
export {
  BadGzipError,
  BadParquetError,
  BadRecordError,
  ColumnNotFoundError,
  FileNotFoundError,
  FilesChangedError,
  InvalidFileSourceError,
  NoFilesError,
  RecordTooLongError,
  UnsafeIntegerError,
} from "./source-errors.ts";
