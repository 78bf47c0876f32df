import { SageError } from "@sage/core";

/** Bytes that are not a pickle, or one beyond the reader's limits. */
export class PickleReadError extends SageError {
  constructor(what: string, atByte?: number) {
    super(`the pickle cannot be read: ${what}${atByte === undefined ? "" : ` (byte ${atByte})`}`, { code: "SAGE_PICKLE_UNREADABLE", fault: "cluster" });
  }
}

/** A value that has no place in a pickle. */
export class PickleWriteError extends SageError {
  constructor(what: string, path: string) {
    super(`${what} cannot be sent to Python (${path || "the value itself"})`, {
      code: "SAGE_PICKLE_UNWRITABLE", fault: "user",
      hint: "Send null, booleans, numbers, bigints, strings, Uint8Array, arrays, plain objects, Map or Set; anything else as JSON text.",
    });
  }
}
