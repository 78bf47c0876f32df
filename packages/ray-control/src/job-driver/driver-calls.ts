// Commands to a driver and their answers, over its one stream.
//
// Invariants:
//   C1. Every call ends: by its answer, its limit or signal, or with the stream.
//   C2. A driver that has been silent for `silentMs` is lost: it says something every 3 s.

import type { CallOptions } from "../client/limits.ts";
import { defaultTimeoutMs, within } from "../client/limits.ts";
import { toRayErrorFromFacts, type ThrownFacts } from "../client/ray-errors.ts";
import { RayProtocolError, RaySessionClosedError, RaySessionLostError } from "../errors.ts";
import type { OpenDriver } from "./driver-door.ts";

const silentMs = 20_000;

export interface DriverFacts {
  readonly rayVersion: string;
  readonly rayCommit: string;
  readonly pythonVersion: string;
}

interface Frame {
  readonly id?: number;
  readonly value?: unknown;
  readonly error?: ThrownFacts;
  readonly ready?: DriverFacts;
  readonly failed?: ThrownFacts;
}

interface Pending {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

export class DriverCalls {
  /** Resolves when Ray has let the driver in. Rejects with what it was told instead, or as calls do. */
  readonly ready: Promise<DriverFacts>;
  /** Resolves with the reason when no more calls are answered. */
  readonly ended: Promise<unknown>;
  readonly #driver: OpenDriver;
  readonly #address: string;
  readonly #pending = new Map<number, Pending>();
  readonly #silence: NodeJS.Timeout;
  #lastId = 0;
  /** One frame at a time: a stream that is full is waited for once. */
  #sent: Promise<unknown> = Promise.resolve();
  #end: unknown;
  #tellEnd!: (reason: unknown) => void;

  constructor(driver: OpenDriver, address: string) {
    this.#driver = driver;
    this.#address = address;
    this.ended = new Promise((resolve) => { this.#tellEnd = resolve; });
    this.ready = new Promise((resolve, reject) => { this.#pending.set(0, { resolve: resolve as (value: unknown) => void, reject }); });
    this.ready.catch(() => {});
    this.#silence = setTimeout(() => this.#lost(`its driver has said nothing for ${silentMs / 1_000} s`), silentMs).unref();
    void this.#read();
  }

  /** @throws RaySessionLostError, RaySessionClosedError; what the command threw on the cluster; TimeoutError */
  async call(name: string, fields: Readonly<Record<string, unknown>> = {}, limits: CallOptions = {}): Promise<unknown> {
    if (this.#end !== undefined) throw this.#end;
    const id = ++this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => { this.#pending.set(id, { resolve, reject }); });
    this.#send({ id, do: name, ...fields });
    return within(answer, name, { timeoutMs: defaultTimeoutMs, ...limits }, () => this.#pending.delete(id));
  }

  /** A command that nobody waits for. */
  tell(name: string, fields: Readonly<Record<string, unknown>> = {}): void {
    if (this.#end === undefined) this.#send({ do: name, ...fields });
  }

  /** Ends the driver. Twice is harmless. */
  close(): void {
    this.tell("end");
    this.#over(new RaySessionClosedError());
  }

  #send(command: object): void {
    const frame = JSON.stringify(command);
    this.#sent = this.#sent.then(() => this.#driver.send(frame)).catch((error: unknown) => this.#lost((error as Error).message, error));
  }

  async #read(): Promise<void> {
    try {
      for (let next = await this.#driver.frames.next(); !next.done; next = await this.#driver.frames.next()) {
        this.#silence.refresh();
        this.#hear(JSON.parse(next.value) as Frame);
      }
      this.#lost("its driver has ended");
    } catch (error) {
      this.#lost((error as Error).message, error);
    } finally {
      this.#driver.done();
    }
  }

  #hear({ id, value, error, ready, failed }: Frame): void {
    if (ready) this.#settle(0, ({ resolve }) => resolve(ready));
    else if (failed) this.#settle(0, ({ reject }) => reject(toRayErrorFromFacts(failed)));
    else if (id !== undefined) this.#settle(id, ({ resolve, reject }) => { if (error) reject(toRayErrorFromFacts(error)); else resolve(value); });
    else if (error) throw new RayProtocolError(error.text);
  }

  #settle(id: number, settle: (pending: Pending) => void): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (pending) settle(pending); // else whoever asked has given up
  }

  #lost(why: string, cause?: unknown): void {
    this.#over(new RaySessionLostError(this.#address, why, cause));
    this.#driver.done();
  }

  /** C1 */
  #over(reason: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = reason;
    clearTimeout(this.#silence);
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
    this.#tellEnd(reason);
  }
}
