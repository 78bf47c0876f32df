// A request that is no protobuf message of its type is the caller's mistake; grpc-js would call it INTERNAL.
// So decoding never throws: it gives a mark, on which handlers.ts refuses the call.

import { SageError } from "@sage/core";
import type { Methods } from "./method-definitions.ts";

const malformed = Object.freeze({ malformed: true });

/** The same methods with decoders of requests that do not throw. */
export function tolerant(methods: Methods): Methods {
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [name, { ...method, requestDeserialize: markFailure(method.requestDeserialize) }]),
  );
}

function markFailure(decode: (bytes: Buffer) => object): (bytes: Buffer) => object {
  return (bytes) => {
    try {
      return decode(bytes);
    } catch {
      return malformed;
    }
  };
}

export class MalformedRequestError extends SageError {
  constructor() {
    super("the request is not a message of this method", {
      code: "SAGE_REQUEST_MALFORMED", fault: "user", hint: "Use the .proto files of the daemon's version.",
    });
  }
}

/** Hands `request` back. @throws {@link MalformedRequestError} */
export function wellFormedRequest<T>(request: T): T {
  if ((request as unknown) === malformed) throw new MalformedRequestError();
  return request;
}
