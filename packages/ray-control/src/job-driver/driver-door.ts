// Where drivers that run as Ray Jobs come in: they dial the program, which serves one gRPC method for them.
//
// Rule: a driver shows that it knows the secret of somebody who waits for it, and is shown the same. Nothing else that
// comes in here is answered.

import { deferred, SageError, type Deferred } from "@sage/core";
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Frames of JSON, one message each. */
export interface DriverStream {
  readonly frames: AsyncIterator<string>;
  send(frame: string): Promise<void>;
}

/** Where a driver dials. */
export interface DriverDial {
  /** `host:port` of the gRPC server, as the cluster reaches it. */
  readonly target: string;
  /** Of the method, `/package.Service/Method`: both ways a stream of messages whose field 1 is a string. */
  readonly path: string;
  /** Absent: the server speaks clear text. */
  readonly tls?: {
    /** Certificates that vouch for the server's (PEM); absent: those that the cluster's hosts trust. */
    readonly ca?: string;
    /** A name that is in the server's certificate, where the target's is not. */
    readonly serverName?: string;
  };
}

/** Whoever came in is no driver that anybody waits for. */
export class DriverRefusedError extends SageError {
  constructor() {
    super("no driver is waited for that proves itself like this", { code: "SAGE_RAY_DRIVER_REFUSED", fault: "user" });
  }
}

interface Expected {
  readonly secret: string;
  readonly stream: Deferred<OpenDriver>;
}

/** A stream that has been let in; `done` ends it. */
export interface OpenDriver extends DriverStream {
  done(): void;
}

/** What one waits for, until it is disposed of. */
export interface ExpectedDriver extends Disposable {
  readonly id: string;
  /** Hexadecimal. */
  readonly secret: string;
  readonly stream: Promise<OpenDriver>;
}

export class DriverDoor {
  readonly #dial = deferred<() => DriverDial>();
  readonly #expected = new Map<string, Expected>();

  /** Said once the server listens; drivers are started behind it. @param dial - asked for each: a certificate may be replaced. */
  open(dial: () => DriverDial): void {
    this.#dial.resolve(dial);
  }

  /** Waits for `open`. */
  async dial(): Promise<DriverDial> {
    return (await this.#dial.promise)();
  }

  expect(): ExpectedDriver {
    const [id, secret, stream] = [randomBytes(8).toString("hex"), randomBytes(32).toString("hex"), deferred<OpenDriver>()];
    stream.promise.catch(() => {});
    this.#expected.set(id, { secret, stream });
    return { id, secret, stream: stream.promise, [Symbol.dispose]: () => void this.#expected.delete(id) };
  }

  /** One call of the method; resolves when it is to end. @throws {@link DriverRefusedError} */
  async attach(stream: DriverStream): Promise<void> {
    const first = await stream.frames.next();
    const { hello, nonce, proof } = first.done ? {} : parseHello(first.value);
    const expected = this.#expected.get(hello ?? "");
    if (!expected || nonce === undefined || !isSame(proof ?? "", proofOf(expected.secret, "driver", hello!, nonce))) throw new DriverRefusedError();
    this.#expected.delete(hello!); // once
    await stream.send(JSON.stringify({ proof: proofOf(expected.secret, "program", hello!, nonce) }));
    const done = deferred();
    expected.stream.resolve({ frames: stream.frames, send: (frame) => stream.send(frame), done: () => done.resolve() });
    await done.promise;
  }
}

function parseHello(frame: string): { readonly hello?: string; readonly nonce?: string; readonly proof?: string } {
  try {
    const { hello, nonce, proof } = JSON.parse(frame) as Record<string, unknown>;
    return typeof hello === "string" && typeof nonce === "string" && typeof proof === "string" ? { hello, nonce, proof } : {};
  } catch {
    return {};
  }
}

function proofOf(secretHex: string, who: string, id: string, nonce: string): string {
  return createHmac("sha256", Buffer.from(secretHex, "hex")).update(`${who}|${id}|${nonce}`).digest("hex");
}

const isSame = (given: string, expected: string): boolean => given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
