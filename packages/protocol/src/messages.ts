// The two directions of a gRPC stream as an async iterable and a `send`, for both ends of the wire.
//
// Rules: nothing is read before it is asked for, beyond the stream's own small buffer; what has arrived before the end
// or an error is handed out first; listeners leave when reading ends.

import type { Readable, Writable } from "node:stream";

/** Hands a message to the stream; a promise means: wait for it before the next one. Dropped once the call has ended. */
export type Send<T> = (message: T) => Promise<void> | undefined;

export interface Reading<T> {
  /** Asked when nothing is left to read: the error to throw, or undefined. */
  readonly failure: () => unknown;
  /** Fires when `failure` may have an answer. */
  readonly wakeOn?: AbortSignal;
  /** What each message goes through before it is handed out; may throw. */
  readonly checked?: (message: T) => T;
  /** Behind the last message; may throw. */
  readonly atEnd?: () => Promise<void>;
}

/** The messages of `stream`, in order. One generator and none around it: each would cost a message three promises more. */
export async function* readMessages<T>(stream: Readable, { failure, wakeOn, checked, atEnd }: Reading<T>): AsyncGenerator<T, void, undefined> {
  let ended = false;
  let wake: () => void = () => {};
  const onEvent = () => wake();
  const onEnd = () => { ended = true; wake(); };
  stream.on("readable", onEvent).on("end", onEnd).on("close", onEnd).on("error", onEnd);
  wakeOn?.addEventListener("abort", onEvent);
  try {
    for (;;) {
      const message = stream.read() as T | null;
      if (message !== null) {
        yield checked ? checked(message) : message;
        continue;
      }
      const error = failure();
      if (error !== undefined) throw error;
      if (ended || stream.readableEnded || stream.destroyed) return await atEnd?.();
      await new Promise<void>((resolve) => { wake = resolve; });
    }
  } finally {
    stream.off("readable", onEvent).off("end", onEnd).off("close", onEnd).off("error", onEnd);
    wakeOn?.removeEventListener("abort", onEvent);
  }
}

/** @param over - fires when the call has ended: who waits then waits no longer. */
export function sender<T>(stream: Writable, over: AbortSignal): Send<T> {
  let drained: Promise<void> | undefined;
  const waitForDrain = () =>
    new Promise<void>((resolve) => {
      const done = () => {
        stream.off("drain", done);
        over.removeEventListener("abort", done);
        drained = undefined;
        resolve();
      };
      stream.on("drain", done);
      over.addEventListener("abort", done);
    });
  return (message) => {
    if (over.aborted || stream.destroyed || stream.writableEnded) return undefined;
    if (stream.write(message)) return undefined;
    return (drained ??= waitForDrain());
  };
}
