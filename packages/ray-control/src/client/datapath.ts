// The stream on which a session lives: requests with ids, answers in any order, and all of it again after a broken
// connection. The server answers a repeated id from memory, so every request takes effect exactly once.
//
// Invariants:
//   D1. What was written is repeated until it is answered, even if its caller has given up: else the parts of a
//       transfer would never be complete, and what it made would never be released.
//   D2. Only the newest stream is listened to.
//   D3. After `end`, every open and every later request rejects with the same reason.

import { status, type Client, type ClientDuplexStream, type ServiceError } from "@grpc/grpc-js";
import { deferred, messageOf, silentLogger, systemClock, backoffMs, type Deferred, type Logger } from "@sage/core";
import { RayAuthError, RayProtocolError, RaySessionClosedError, RaySessionLostError, RayUnreachableError } from "../errors.ts";
import type { DataRequest } from "../gen/ray/rpc/DataRequest.ts";
import type { DataResponse__Output } from "../gen/ray/rpc/DataResponse.ts";
import { metadataOf, openChannel, type RayTarget } from "./channel.ts";
import { Gate } from "./gate.ts";
import { within, type CallOptions } from "./limits.ts";
import { RequestLog, type Remembered } from "./request-log.ts";
import { Assembly, chunkBytesFor, chunksOf } from "./transfer.ts";
import { dataStreamer, type AnyMethod } from "./wire.ts";

export type Answer = DataResponse__Output;
type Stream = ClientDuplexStream<DataRequest, Answer>;
/** A request without its id; of `put` and `task` without parts: the data is whole. */
export type Body = Omit<DataRequest, "reqId" | "acknowledge" | "type">;

export interface DatapathOptions {
  readonly target: RayTarget;
  readonly clientId: string;
  /** How long to go on trying after a broken connection, in milliseconds. */
  readonly graceMs: number;
  /** Set to go on with the session of a crashed owner: its ids end before this. */
  readonly afterRequestId?: number;
  readonly maxObjectBytes: number;
  readonly log?: Logger;
  /** Called with an answer whose caller has given up. */
  readonly onLateAnswer?: (answer: Answer) => void;
}

interface Pending extends Remembered {
  readonly body: Body;
  readonly bytes: number;
  /** Whether it counts for the back-pressure. */
  readonly isGated: boolean;
  readonly answer: Deferred<Answer>;
  readonly assembly: Assembly | undefined;
  abandoned: boolean;
}

type State = "open" | "reconnecting" | "ended";

const maxUnanswered = 2_048;
const maxUnansweredBytes = 64 * 2 ** 20;
/** A larger frame is written only when the one before has left. */
const largeFrameBytes = 256 * 1024;
const closeTimeoutMs = 10_000;
/** Of a session that has not come about: its caller has waited long enough. */
const giveUpTimeoutMs = 1_000;
const probeTimeoutMs = 5_000;

const fatal: ReadonlySet<number> = new Set([
  status.RESOURCE_EXHAUSTED, status.INVALID_ARGUMENT, status.NOT_FOUND, status.FAILED_PRECONDITION, status.ABORTED, status.UNAUTHENTICATED, status.PERMISSION_DENIED,
]);

export class Datapath {
  readonly #options: DatapathOptions;
  readonly #log: Logger;
  readonly #requests: RequestLog<Pending>;
  readonly #gate = new Gate(maxUnanswered, maxUnansweredBytes);
  readonly #ended = deferred<unknown>();
  #reason: unknown;
  #state: State = "open";
  #client: Client;
  #stream: Stream;
  #outbox: Iterator<DataRequest>[] = [];
  #isBlocked = false;
  #chunkBytes = chunkBytesFor("");
  #reconnected: Deferred<void> | undefined;
  #isEstablished = false;
  readonly #closing = new AbortController();

  constructor(options: DatapathOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLogger;
    this.#requests = new RequestLog(options.afterRequestId);
    this.#client = openChannel(options.target);
    this.#stream = this.#open(options.afterRequestId !== undefined);
  }

  /** The connection of now: for calls beside the stream. */
  get client(): Client {
    return this.#client;
  }

  get lastRequestId(): number {
    return this.#requests.lastId;
  }

  /** Resolves with the reason when there is no way on. */
  get ended(): Promise<unknown> {
    return this.#ended.promise;
  }

  throwIfEnded(): void {
    if (this.#state === "ended") throw this.#reason;
  }

  /** From now on a broken connection is repaired; before, it is an error. */
  establish(rayVersion: string): void {
    this.#isEstablished = true;
    this.#chunkBytes = chunkBytesFor(rayVersion);
  }

  /** Resolves when no reconnect is under way. */
  async settled(): Promise<void> {
    await this.#reconnected?.promise;
    this.throwIfEnded();
  }

  /** Sends a request and gives its answer. Requests are sent in the order of the calls. */
  async request(what: string, body: Body, options: CallOptions = {}): Promise<Answer> {
    this.throwIfEnded();
    options.signal?.throwIfAborted();
    const isKept = !body.get;
    const bytes = body.put?.data?.length ?? body.task?.data?.length ?? 0;
    const wait = isKept ? this.#gate.enter(bytes) : undefined;
    if (wait) {
      await within(Promise.race([wait.entered, this.#untilEnded()]), what, options, wait.leave);
      this.throwIfEnded();
    }
    const pending = this.#newPending(body, bytes, isKept);
    this.#requests.add(pending);
    this.#outbox.push(this.#framesOf(pending));
    this.#pump();
    return within(pending.answer.promise, what, options, () => this.#abandon(pending));
  }

  #newPending(body: Body, bytes: number, isGated: boolean): Pending {
    const assembly = body.get ? new Assembly(this.#options.maxObjectBytes) : undefined;
    return { id: this.#requests.nextId(), isKept: !body.get, body, bytes, isGated, answer: deferred(), assembly, abandoned: false };
  }

  async #untilEnded(): Promise<never> {
    throw await this.ended;
  }

  #abandon(pending: Pending): void {
    pending.abandoned = true;
    if (!pending.isKept) this.#requests.settle(pending);
  }

  /** Ends the session in order: what it holds on the cluster is gone when this resolves. Twice is harmless. */
  async close(): Promise<void> {
    if (this.#state === "ended") return;
    const wasOpen = this.#state === "open";
    const stream = this.#stream;
    const over = deferred();
    stream.on("end", over.resolve).on("error", () => over.resolve()).on("close", over.resolve);
    const id = this.#requests.nextId();
    this.#finish(new RaySessionClosedError(), false);
    if (wasOpen) {
      stream.write({ reqId: id, connectionCleanup: {} });
      stream.end();
      await within(over.promise, "closing", { timeoutMs: this.#isEstablished ? closeTimeoutMs : giveUpTimeoutMs }).catch(() => {});
    }
    stream.cancel();
    this.#client.close();
  }

  /** Lets go of the connection without a word, as a crash does: the session can be taken over inside its grace period. */
  abandonSession(): void {
    if (this.#state !== "ended") this.#finish(new RaySessionClosedError(), true);
  }

  // — writing

  *#framesOf({ id, body, assembly }: Pending): Generator<DataRequest> {
    const { put, task, get } = body;
    if (put) {
      const data = put.data as Buffer;
      for (const chunk of chunksOf(data, this.#chunkBytes)) yield { reqId: id, put: { ...put, ...chunk, totalSize: data.length } };
    } else if (task) {
      for (const chunk of chunksOf(task.data as Buffer, this.#chunkBytes)) yield { reqId: id, task: { ...task, ...chunk } };
    } else if (get) {
      yield { reqId: id, get: { ...get, asynchronous: true, startChunkId: assembly?.nextChunkId ?? 0 } };
    } else {
      yield { reqId: id, ...body };
    }
  }

  #pump(): void {
    const stream = this.#stream;
    while (!this.#isBlocked && this.#state !== "ended" && this.#outbox.length > 0) {
      const frame = this.#outbox[0]!.next();
      if (frame.done) {
        this.#outbox.shift();
        continue;
      }
      const isLarge = (frame.value.put?.data?.length ?? frame.value.task?.data?.length ?? 0) > largeFrameBytes;
      const goOn = () => {
        if (stream !== this.#stream) return;
        this.#isBlocked = false;
        this.#pump();
      };
      if (isLarge) {
        this.#isBlocked = true;
        stream.write(frame.value, goOn);
      } else if (!stream.write(frame.value)) {
        this.#isBlocked = true;
        stream.once("drain", goOn);
      }
    }
  }

  // — reading

  #open(reconnecting: boolean): Stream {
    const { target, clientId } = this.#options;
    const method = dataStreamer.Datapath as unknown as AnyMethod;
    const stream = this.#client.makeBidiStreamRequest(
      method.path, (message) => Buffer.from(method.requestSerialize(message)), method.responseDeserialize, metadataOf(target, clientId, reconnecting), {},
    ) as unknown as Stream;
    let error: ServiceError | undefined;
    stream.on("data", (answer: Answer) => { if (stream === this.#stream) this.#onAnswer(answer); });
    stream.on("error", (thrown: ServiceError) => { error = thrown; });
    stream.on("status", ({ code, details }: { code: number; details: string }) => {
      if (stream !== this.#stream || this.#state === "ended") return;
      this.#onBroken(error?.code ?? code, error?.details ?? (details || "the server has ended the stream"), error);
    });
    return stream;
  }

  #onAnswer(answer: Answer): void {
    const pending = this.#requests.find(answer.reqId);
    if (!pending) return; // given up, or answered by an earlier connection
    let whole: Answer | undefined;
    try {
      whole = wholeAnswer(answer, pending);
    } catch (error) {
      this.#settle(pending);
      return pending.answer.reject(error);
    }
    if (!whole) return;
    this.#settle(pending);
    pending.answer.resolve(whole);
    if (pending.abandoned) this.#options.onLateAnswer?.(whole);
  }

  #settle(pending: Pending): void {
    if (pending.isGated) this.#gate.exit(pending.bytes);
    const acknowledge = this.#requests.settle(pending);
    if (acknowledge === undefined) return;
    this.#outbox.push([{ acknowledge: { reqId: acknowledge } }][Symbol.iterator]());
    this.#pump();
  }

  // — broken connections

  #onBroken(code: number, details: string, cause: unknown): void {
    if (this.#isEstablished && this.#state !== "reconnecting") this.#log.warn("the connection to Ray broke", { code, details }); // once; who connects hears the rest
    if (fatal.has(code) || !this.#isEstablished) return this.#lose(code, details, cause);
    if (this.#state === "reconnecting") return; // the loop below hears of it by its probe
    this.#state = "reconnecting";
    this.#reconnected = deferred();
    this.#reconnect(details, cause).catch((error: unknown) => this.#finish(error, true));
  }

  #lose(code: number, details: string, cause: unknown): void {
    const { address } = this.#options.target;
    this.#finish(
      code === status.UNAUTHENTICATED ? new RayAuthError(address, cause)
      : this.#isEstablished || code === status.NOT_FOUND ? new RaySessionLostError(address, details, cause)
      : new RayUnreachableError(address, details, cause),
      true,
    );
  }

  async #reconnect(details: string, cause: unknown): Promise<void> {
    const { graceMs, target } = this.#options;
    const deadlineMs = systemClock.monotonicMs() + graceMs;
    const probe = this.#newPending({ connectionInfo: {} }, 0, false);
    this.#requests.add(probe);
    for (let attempt = 1; this.#state === "reconnecting"; attempt++) {
      if (systemClock.monotonicMs() >= deadlineMs) throw new RaySessionLostError(target.address, `no way back within ${graceMs} ms (${details})`, cause);
      await systemClock.sleep(backoffMs(attempt, 50, 1_000), this.#closing.signal).catch(() => {});
      if (this.#isOver()) return;
      if (await this.#tryAgain(probe)) return;
    }
  }

  /** A new connection and stream, a question that proves the session alive, and then all that is open once more. */
  async #tryAgain(probe: Pending): Promise<boolean> {
    this.#stream.cancel();
    this.#client.close();
    this.#client = openChannel(this.#options.target);
    this.#isBlocked = false;
    this.#stream = this.#open(true);
    const stream = this.#stream;
    const open = this.#requests.open().filter((each) => each !== probe);
    this.#outbox = [probe, ...open].map((pending) => this.#framesOf(pending));
    this.#pump();
    const broken = deferred<"broken">();
    stream.on("status", () => broken.resolve("broken"));
    const result = await within(Promise.race([probe.answer.promise, broken.promise]), "reconnecting", { timeoutMs: probeTimeoutMs, signal: this.#closing.signal })
      .catch((error: unknown) => messageOf(error));
    if (this.#isOver()) return true;
    if (typeof result === "string") return false;
    this.#state = "open";
    this.#log.info("reconnected to Ray", { repeated: open.length });
    this.#reconnected?.resolve();
    this.#reconnected = undefined;
    return true;
  }

  /** A function, so that the compiler does not remember the state across an await. */
  #isOver(): boolean {
    return this.#state === "ended";
  }

  #finish(reason: unknown, andClose: boolean): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#reason = reason;
    this.#outbox = [];
    this.#closing.abort(reason);
    for (const pending of this.#requests.clear()) {
      pending.answer.promise.catch(() => {}); // nobody waits for a probe
      pending.answer.reject(reason);
    }
    this.#reconnected?.resolve();
    this.#ended.resolve(reason);
    if (!andClose) return;
    this.#stream.cancel();
    this.#client.close();
  }
}

/** The answer itself, or of a get in parts the last one with all of the data; nothing while parts are missing. */
function wholeAnswer(answer: Answer, { assembly }: Pending): Answer | undefined {
  const { get } = answer;
  if (!assembly) return answer;
  if (!get) throw new RayProtocolError(`${answer.type ?? "nothing"} in answer to a get`);
  if (!get.valid) return answer;
  const data = assembly.add(get, get.totalSize);
  return data && { ...answer, get: { ...get, data } };
}
