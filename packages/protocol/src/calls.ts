// The caller's side of a call: a promise or an async iterable for each kind.
//
// Rules: unary calls have a deadline; `signal` cancels the call, which then rejects with the signal's reason; errors
// arrive as SageErrors; a stream is read no faster than it is consumed.

import type { CallOptions as GrpcCallOptions, ServiceError } from "@grpc/grpc-js";
import type { MethodDefinition } from "@grpc/proto-loader";
import type { Readable } from "node:stream";
import { readMessages, sender, type Send } from "./messages.ts";
import type { ServiceClient } from "./services.ts";
import { fromStatus } from "./status.ts";

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** How long the call may take, in milliseconds; absent: no limit. */
  readonly deadlineMs?: number;
}

export interface UnaryOptions extends CallOptions {
  readonly deadlineMs: number;
}

type In<M> = M extends MethodDefinition<infer Req, infer _Res, infer _ReqOut, infer _ResOut> ? Req : never;
type Out<M> = M extends MethodDefinition<infer _Req, infer _Res, infer _ReqOut, infer ResOut> ? ResOut : never;
type NameOf<Service> = Extract<keyof Service, string>;
/** A method's definition with its message types forgotten; the typed functions below have checked them. */
type AnyMethod = MethodDefinition<unknown, unknown>;

const methodOf = <S>(client: ServiceClient<S>, name: NameOf<S>): AnyMethod => client.service[name] as unknown as AnyMethod;
const encoderOf = (method: AnyMethod) => (message: unknown) => Buffer.from(method.requestSerialize(message));

/** Calls a method of one request and one answer. */
export function callUnary<S, N extends NameOf<S>>(client: ServiceClient<S>, name: N, request: In<S[N]>, options: UnaryOptions): Promise<Out<S[N]>> {
  const method = methodOf(client, name);
  return answerOf(client, method, options, (callback) =>
    client.channel.makeUnaryRequest(method.path, encoderOf(method), method.responseDeserialize, request, client.metadata(), grpcOptions(options), callback));
}

/** Sends all of `messages`, then gives the answer; an early answer or error of the server ends the sending. */
export async function callClientStream<S, N extends NameOf<S>>(
  client: ServiceClient<S>, name: N, messages: AsyncIterable<In<S[N]>> | Iterable<In<S[N]>>, options: UnaryOptions,
): Promise<Out<S[N]>> {
  const method = methodOf(client, name);
  const over = new AbortController();
  let sending: Promise<void> = Promise.resolve();
  try {
    return await answerOf<Out<S[N]>>(client, method, options, (callback) => {
      const call = client.channel.makeClientStreamRequest(method.path, encoderOf(method), method.responseDeserialize, client.metadata(), grpcOptions(options), callback);
      sending = sendThenEnd(messages, call, over.signal).catch((error: unknown) => {
        callback(error as ServiceError);
        call.cancel();
      });
      return call;
    });
  } finally {
    over.abort();
    await sending;
  }
}

async function sendThenEnd<T>(messages: AsyncIterable<T> | Iterable<T>, call: import("node:stream").Writable, over: AbortSignal): Promise<void> {
  const send = sender<T>(call, over);
  for await (const message of messages) {
    if (over.aborted) return;
    await send(message);
  }
  if (!over.aborted) call.end();
}

interface Cancellable { cancel(): void }

function answerOf<Res>(
  client: ServiceClient<unknown>, method: AnyMethod, { signal }: CallOptions,
  start: (callback: (error: ServiceError | null, answer?: unknown) => void) => Cancellable,
): Promise<Res> {
  return new Promise<Res>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => call.cancel();
    const call = start((error, answer) => {
      signal?.removeEventListener("abort", onAbort);
      if (!error) resolve(answer as Res);
      else reject(failureOf(error, client, method, signal));
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

function failureOf(error: ServiceError, client: ServiceClient<unknown>, method: AnyMethod, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (typeof error.code !== "number") return error; // thrown by the caller's own messages
  return fromStatus(error, { target: client.target, path: method.path });
}

function grpcOptions({ deadlineMs }: CallOptions): GrpcCallOptions {
  return deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
}

/** The answers of a server stream, in order. Leaving the loop cancels the call. */
export async function* callServerStream<S, N extends NameOf<S>>(
  client: ServiceClient<S>, name: N, request: In<S[N]>, options: CallOptions = {},
): AsyncGenerator<Out<S[N]>, void, undefined> {
  options.signal?.throwIfAborted();
  const method = methodOf(client, name);
  const call = client.channel.makeServerStreamRequest(method.path, encoderOf(method), method.responseDeserialize, request, client.metadata(), grpcOptions(options));
  yield* answersOf<Out<S[N]>>(call, client, method, options.signal);
}

/** Listens for the call's error from now on; whatever ends the reading ends the call too. */
function answersOf<Res>(
  call: Readable & Cancellable, client: ServiceClient<unknown>, method: AnyMethod, signal?: AbortSignal,
): AsyncGenerator<Res, void, undefined> {
  let failed: ServiceError | undefined;
  const onAbort = () => call.cancel();
  call.on("error", (error) => { failed = error as ServiceError; });
  signal?.addEventListener("abort", onAbort, { once: true });
  const failure = () => (signal?.aborted ? (signal.reason as unknown) : failed && failureOf(failed, client, method));
  return (async function* () {
    try {
      yield* readMessages<Res>(call, { failure, ...(signal ? { wakeOn: signal } : {}) });
    } finally {
      signal?.removeEventListener("abort", onAbort);
      call.cancel();
    }
  })();
}

/** An open two-way call. Disposing of it cancels it. */
export interface BidiCall<Req, Res> extends AsyncDisposable {
  /** What the server sends; to be read once. Throws the call's error. */
  readonly messages: AsyncIterable<Res>;
  readonly send: Send<Req>;
  /** Says that nothing more will be sent. */
  end(): void;
  cancel(): void;
}

export function openBidi<S, N extends NameOf<S>>(client: ServiceClient<S>, name: N, options: CallOptions = {}): BidiCall<In<S[N]>, Out<S[N]>> {
  options.signal?.throwIfAborted();
  const method = methodOf(client, name);
  const call = client.channel.makeBidiStreamRequest(method.path, encoderOf(method), method.responseDeserialize, client.metadata(), grpcOptions(options));
  const over = new AbortController();
  call.on("status", () => over.abort());
  return {
    messages: answersOf<Out<S[N]>>(call, client, method, options.signal),
    send: sender(call, over.signal),
    end: () => call.end(),
    cancel: () => call.cancel(),
    [Symbol.asyncDispose]: async () => call.cancel(),
  };
}
