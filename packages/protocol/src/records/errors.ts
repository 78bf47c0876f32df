// What can be wrong with a key, a record, or the bytes of a batch.

import { SageError } from "@sage/core";

/** A key holds something that has no stable identity, such as a function or a class instance. */
export class UnhashableKeyError extends SageError {
  /** Where in the key, as in `key.user[2]`. */
  readonly path: string;
  constructor(path: string, what: string) {
    super(`${path} is ${what}, which cannot be part of a key`, {
      code: "SAGE_UNHASHABLE_KEY", fault: "user",
      hint: "Make keys of strings, numbers, booleans, null, undefined, bigints, Dates, arrays and plain objects.",
    });
    this.path = path;
  }
}

/** A record holds something that cannot cross to another worker. */
export class UnserializableError extends SageError {
  /** Where, as in `records[3].user.onClick`. */
  readonly path: string;
  constructor(path: string, what: string) {
    super(`${path} is ${what}, which cannot be sent to another worker`, {
      code: "SAGE_UNSERIALIZABLE", fault: "user",
      hint: "Send plain data, or register the class with registerType(Class, { toPlain, fromPlain }).",
    });
    this.path = path;
  }
}

/** Bytes that are no batch of records, or a damaged one. */
export class BadFrameError extends SageError {
  constructor(what: string, cause?: unknown) {
    super(`not a valid frame: ${what}`, {
      code: "SAGE_BAD_FRAME", fault: "sage", ...(cause === undefined ? {} : { cause }),
      hint: "Sender and receiver must run the same version of Sage.",
    });
  }
}

/** A record's class is registered where it was sent, but not here. */
export class UnknownTypeError extends SageError {
  constructor(name: string) {
    super(`a record of the registered type ${JSON.stringify(name)} arrived, which this process has not registered`, {
      code: "SAGE_UNKNOWN_TYPE", fault: "user",
      hint: "Call registerType at the top of a module that every worker imports.",
    });
  }
}
