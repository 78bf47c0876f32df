// What can be wrong with files that a pipeline reads. All of them are for the user to put right.

import { SageError, messageOf } from "@sage/core";

/** A pattern matches no file. Thrown by `findFiles`. */
export class NoFilesError extends SageError {
  constructor(pattern: string, directory: string) {
    super(`no file matches ${JSON.stringify(pattern)} in ${directory}`, {
      code: "SAGE_NO_FILES",
      fault: "user",
      hint: "Check the pattern and the directory; on a cluster the files must be on every host that reads them.",
    });
  }
}

/** A path that was given as it stands is not there, or is no file. */
export class FileNotFoundError extends SageError {
  readonly path: string;

  constructor(path: string, found: "nothing" | "a directory") {
    super(found === "nothing" ? `file not found: ${path}` : `${path} is a directory, not a file`, {
      code: "SAGE_FILE_NOT_FOUND",
      fault: "user",
      hint:
        found === "nothing"
          ? "Check the path; on a cluster the file must be on every host that reads it."
          : `To read all files in it, write ${path}/*.`,
    });
    this.path = path;
  }
}

/** The options of a file source contradict each other or the file's format. */
export class InvalidFileSourceError extends SageError {
  constructor(problem: string, hint: string) {
    super(problem, { code: "SAGE_INVALID_FILE_SOURCE", fault: "user", hint });
  }
}

/** A column that the source names is not in the file. */
export class ColumnNotFoundError extends SageError {
  constructor(path: string, column: string, columns: readonly string[]) {
    super(`${path}: no column ${JSON.stringify(column)}`, {
      code: "SAGE_COLUMN_NOT_FOUND",
      fault: "user",
      hint: `The columns are ${columns.slice(0, 50).map((name) => JSON.stringify(name)).join(", ")}.`,
    });
  }
}

/** Where a record stands: its line where that is known, else its byte (from 0, of the text as unpacked). */
export interface RecordPlace {
  readonly path: string;
  readonly line: number | null;
  readonly byte: number;
}

/** A record cannot be read as the format that the source names. The reader stands behind it. */
export class BadRecordError extends SageError {
  readonly place: RecordPlace;

  constructor(place: RecordPlace, problem: string, text: string, hint?: string) {
    super(`${placeOf(place)}: ${problem}: ${excerptOf(text)}`, {
      code: "SAGE_BAD_RECORD",
      fault: "user",
      ...(hint === undefined ? {} : { hint }),
    });
    this.place = place;
  }
}

/** A record is longer than `maxRecordBytes`; it is not read further, so that memory stays bounded. */
export class RecordTooLongError extends SageError {
  readonly place: RecordPlace;

  constructor(place: RecordPlace, maxRecordBytes: number) {
    super(`${placeOf(place)}: the record is longer than ${maxRecordBytes} bytes`, {
      code: "SAGE_RECORD_TOO_LONG",
      fault: "user",
      hint: "Check for a missing line end or an unclosed quote, or raise maxRecordBytes.",
    });
    this.place = place;
  }
}

/** The files are not the ones that were planned or that a position was taken in. */
export class FilesChangedError extends SageError {
  constructor(what: string) {
    super(what, {
      code: "SAGE_FILES_CHANGED",
      fault: "user",
      hint: "Files must stay as they are while a job that reads them can be restarted; start the job anew.",
    });
  }
}

/** A `.gz` file is no gzip, or a damaged one. */
export class BadGzipError extends SageError {
  constructor(path: string, cause: Error) {
    super(`${path}: ${cause.message}`, { code: "SAGE_BAD_GZIP", fault: "user", cause });
  }
}

/** A Parquet file cannot be read. */
export class BadParquetError extends SageError {
  constructor(path: string, problem: string, options: { hint?: string; cause?: unknown } = {}) {
    super(`${path}: ${problem}${options.cause === undefined ? "" : `: ${messageOf(options.cause)}`}`, {
      code: "SAGE_BAD_PARQUET",
      fault: "user",
      ...options,
    });
  }
}

/** A 64-bit integer has no exact number in JavaScript. */
export class UnsafeIntegerError extends SageError {
  constructor(path: string, column: string, value: bigint) {
    super(`${path}: column ${JSON.stringify(column)} holds ${value}, which is not exact as a number`, {
      code: "SAGE_UNSAFE_INTEGER",
      fault: "user",
      hint: `Read 64-bit integers as bigint: parquet: { int64: "bigint" }.`,
    });
  }
}

const excerptLength = 80;

/** The start of a text, safe to print: control and unpaired characters escaped, cut after 80 characters. */
export function excerptOf(text: string): string {
  const cut = JSON.stringify(text.slice(0, excerptLength)).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return text.length > excerptLength ? `${cut}… (${text.length} characters)` : cut;
}

function placeOf({ path, line, byte }: RecordPlace): string {
  return line === null ? `${path} at byte ${byte}` : `${path}:${line}`;
}
