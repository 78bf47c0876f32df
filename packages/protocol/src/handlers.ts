// The server's side of a call: plain functions and generators become grpc-js handlers.
//
// Rules: a caller that hangs up, or whose deadline passes, aborts `signal`; a caller that does not read stops the
// generator; every error becomes a status (status.ts), and those that are Sage's own reach `onInternalError`.

import type {
  Metadata, ServerDuplexStream, ServerReadableStream,
  handleBidiStreamingCall, handleClientStreamingCall, handleServerStreamingCall, handleUnaryCall,
} from "@grpc/grpc-js";
import { SageError, isSageError } from "@sage/core";
import { wellFormedRequest } from "./malformed.ts";
import { readMessages, sender, type Send } from "./messages.ts";
import { toStatus } from "./status.ts";

export interface CallContext {
  /** Fires when the caller has gone or its deadline has passed. */
  readonly signal: AbortSignal;
  readonly metadata: Metadata;
  /** `address:port` of the caller. */
  readonly peer: string;
}

export interface Handlers {
  readonly unary: <Req, Res>(answer: (request: Req, context: CallContext) => Promise<Res> | Res) => handleUnaryCall<Req, Res>;
  readonly serverStream: <Req, Res>(answer: (request: Req, context: CallContext) => AsyncIterable<Res>) => handleServerStreamingCall<Req, Res>;
  readonly clientStream: <Req, Res>(answer: (messages: AsyncIterable<Req>, context: CallContext) => Promise<Res>) => handleClientStreamingCall<Req, Res>;
  /** The call ends when `talk` does. */
  readonly bidi: <Req, Res>(talk: (messages: AsyncIterable<Req>, send: Send<Res>, context: CallContext) => Promise<void>) => handleBidiStreamingCall<Req, Res>;
}

/** @param onInternalError - hears of errors which are no SageError, with their stack; callers never see those. */
export function handlersWith(onInternalError: (error: unknown, path: string) => void): Handlers {
  const failed = (error: unknown, path: string, signal: AbortSignal) => {
    if (!isSageError(error) && !signal.aborted) onInternalError(error, path);
    return toStatus(error);
  };
  return {
    unary: (answer) => (call, callback) => {
      const over = contextOf(call);
      void settle(async () => answer(wellFormedRequest(call.request), over.context), {
        then: (response) => callback(null, response),
        catch: (error) => callback(failed(error, call.getPath(), over.context.signal)),
        finally: over.done,
      });
    },
    serverStream: (answer) => (call) => {
      const over = contextOf(call);
      const send = sender(call, over.context.signal);
      void settle(async () => sendAll(answer(wellFormedRequest(call.request), over.context), send, over.context.signal), {
        then: () => call.end(),
        catch: (error) => call.emit("error", failed(error, call.getPath(), over.context.signal)),
        finally: over.done,
      });
    },
    clientStream: (answer) => (call, callback) => {
      const over = contextOf(call);
      void settle(async () => answer(requestsOf(call, over.context.signal), over.context), {
        then: (response) => callback(null, response),
        catch: (error) => callback(failed(error, call.getPath(), over.context.signal)),
        finally: () => { over.done(); call.resume(); },
      });
    },
    bidi: (talk) => (call) => {
      const over = contextOf(call);
      void settle(async () => talk(requestsOf(call, over.context.signal), sender(call, over.context.signal), over.context), {
        then: () => call.end(),
        catch: (error) => call.emit("error", failed(error, call.getPath(), over.context.signal)),
        finally: () => { over.done(); call.resume(); },
      });
    },
  };
}

interface AnyCall {
  readonly cancelled: boolean;
  readonly metadata: Metadata;
  getPeer(): string;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/** `done` parts the call from its signal: what grpc-js reports after the answer is no hang-up. */
function contextOf(call: AnyCall): { context: CallContext; done: () => void } {
  const abort = new AbortController();
  const onCancelled = () => abort.abort(new CallerGoneError());
  call.on("cancelled", onCancelled);
  if (call.cancelled) onCancelled();
  return {
    context: { signal: abort.signal, metadata: call.metadata, peer: call.getPeer() },
    done: () => { call.off("cancelled", onCancelled); },
  };
}

/** The reason of `signal` when the caller hung up or its deadline passed. */
export class CallerGoneError extends SageError {
  constructor() {
    super("the caller has gone or its deadline has passed", { code: "SAGE_CALLER_CANCELLED", fault: "user" });
  }
}

async function settle<T>(
  work: () => Promise<T>,
  to: { then(value: T): unknown; catch(error: unknown): unknown; finally(): void },
): Promise<void> {
  try {
    const value = await work();
    to.then(value);
  } catch (error) {
    to.catch(error);
  } finally {
    to.finally();
  }
}

async function sendAll<T>(messages: AsyncIterable<T>, send: Send<T>, signal: AbortSignal): Promise<void> {
  for await (const message of messages) {
    await send(message);
    signal.throwIfAborted();
  }
}

function requestsOf<T>(call: ServerReadableStream<T, unknown> | ServerDuplexStream<T, unknown>, signal: AbortSignal): AsyncGenerator<T, void, undefined> {
  return readMessages<T>(call, {
    failure: () => (signal.aborted ? (signal.reason as unknown) : undefined),
    wakeOn: signal,
    checked: wellFormedRequest,
    // grpc-js reports a hang-up as the end of the requests, and only then as cancelled: half an upload is no upload.
    async atEnd() {
      await new Promise((resolve) => { setImmediate(resolve); });
      signal.throwIfAborted();
    },
  });
}
