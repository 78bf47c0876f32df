// What the parts of a session share: the data path, calls beside it, values to and from Python, and references.

import type { Client, ServiceError } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import { backoffMs, systemClock, type Logger } from "@sage/core";
import { RayAuthError, RaySessionLostError } from "../errors.ts";
import { readPickle } from "../pickle/pickle-reader.ts";
import { writePickle } from "../pickle/pickle-writer.ts";
import { toPlain, type Interpret } from "../pickle/plain-values.ts";
import { PyObject } from "../pickle/python-values.ts";
import { metadataOf, type RayTarget } from "./channel.ts";
import type { Answer, Body, Datapath } from "./datapath.ts";
import { defaultTimeoutMs, within, type CallOptions } from "./limits.ts";
import { isRayException, toRayError, toRayErrorFromBase64 } from "./ray-errors.ts";
import { References } from "./references.ts";
import { driver, type AnyMethod, type DriverMethod, type RequestOf, type ResponseOf } from "./wire.ts";

export interface LinkOptions {
  readonly target: RayTarget;
  readonly clientId: string;
  readonly datapath: Datapath;
  readonly log: Logger;
  /** Default limit of calls, in milliseconds. */
  readonly callTimeoutMs: number;
}

export class Link {
  readonly target: RayTarget;
  readonly clientId: string;
  readonly log: Logger;
  readonly references: References;
  readonly #datapath: Datapath;
  readonly #callTimeoutMs: number;
  /** Set by the session: makes handles of what arrives as a persistent id, and the other way round. */
  toReference: Interpret = () => undefined;
  toStub: (value: object) => unknown = () => undefined;

  constructor({ target, clientId, datapath, log, callTimeoutMs }: LinkOptions) {
    this.target = target;
    this.clientId = clientId;
    this.log = log;
    this.#datapath = datapath;
    this.#callTimeoutMs = callTimeoutMs;
    this.references = new References((ids) => this.request("releasing references", { release: { ids } }));
  }

  #limits(options: CallOptions): CallOptions {
    return { timeoutMs: this.#callTimeoutMs, ...options };
  }

  request(what: string, body: Body, options: CallOptions = {}): Promise<Answer> {
    return this.#datapath.request(what, body, this.#limits(options));
  }

  /** A call beside the data path, repeated while the connection is being repaired. */
  async unary<M extends DriverMethod>(name: M, request: RequestOf<(typeof driver)[M]>, options: CallOptions = {}): Promise<ResponseOf<(typeof driver)[M]>> {
    const method = driver[name] as unknown as AnyMethod;
    const { signal, timeoutMs = defaultTimeoutMs } = this.#limits(options);
    const deadlineMs = systemClock.monotonicMs() + timeoutMs;
    for (let attempt = 1; ; attempt++) {
      const leftMs = deadlineMs - systemClock.monotonicMs();
      const limits: CallOptions = { timeoutMs: leftMs, ...(signal ? { signal } : {}) };
      await within(this.#datapath.settled(), name, limits);
      try {
        return (await this.#unaryOnce(this.#datapath.client, method, name, request, limits)) as ResponseOf<(typeof driver)[M]>;
      } catch (error) {
        if ((error as ServiceError).code !== status.UNAVAILABLE) throw this.toError(error);
      }
      await systemClock.sleep(Math.min(backoffMs(attempt, 50, 1_000), Math.max(0, leftMs)), signal);
    }
  }

  #unaryOnce(client: Client, method: AnyMethod, what: string, request: unknown, limits: CallOptions): Promise<unknown> {
    let cancel = () => {};
    const answer = new Promise<unknown>((resolve, reject) => {
      const call = client.makeUnaryRequest(
        method.path, (message: unknown) => Buffer.from(method.requestSerialize(message)), method.responseDeserialize, request, metadataOf(this.target, this.clientId), {},
        (error, response) => { if (error) reject(error); else resolve(response); },
      );
      cancel = () => call.cancel();
    });
    return within(answer, what, limits, () => cancel());
  }

  /** A stream of answers, with the connection of now; the caller handles breaks. */
  async *serverStream<M extends DriverMethod>(name: M, request: RequestOf<(typeof driver)[M]>, signal: AbortSignal): AsyncGenerator<ResponseOf<(typeof driver)[M]>, void, undefined> {
    await this.#datapath.settled();
    const method = driver[name] as unknown as AnyMethod;
    const call = this.#datapath.client.makeServerStreamRequest(
      method.path, (message: unknown) => Buffer.from(method.requestSerialize(message)), method.responseDeserialize, request, metadataOf(this.target, this.clientId), {},
    );
    const onAbort = () => call.cancel();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      yield* call as AsyncIterable<ResponseOf<(typeof driver)[M]>>;
    } finally {
      signal.removeEventListener("abort", onAbort);
      call.cancel();
    }
  }

  get datapath(): Datapath {
    return this.#datapath;
  }

  /** What a failed gRPC call means. */
  toError(error: unknown): unknown {
    const { code, details } = error as ServiceError;
    if (code === status.UNAUTHENTICATED) return new RayAuthError(this.target.address, error);
    if (code === status.NOT_FOUND) return new RaySessionLostError(this.target.address, details, error);
    return (code === status.ABORTED || code === status.UNKNOWN) ? toRayErrorFromBase64(details) ?? error : error;
  }

  // — values

  toPickle(value: unknown): Buffer {
    return writePickle(value, { replace: this.toStub });
  }

  /** @throws the error that the value is, if it is one of Ray's. */
  fromPickle(pickle: Uint8Array): unknown {
    const value = readPickle(pickle);
    if (value instanceof PyObject && isRayException(value)) throw toRayError(value);
    return toPlain(value, this.toReference);
  }

  /** The error inside an answer that says `valid: false`. */
  errorOf(pickle: Uint8Array): unknown {
    return toRayError(readPickle(pickle));
  }
}
