// Results of collect() on their way to the daemon.
//
// Invariants:
//   R1. A batch is sent only against credit, so that the daemon decides how much it holds.
//   R2. Batches of one operator are numbered without a gap; a batch is kept until credit answers it, to be sent again
//       if the stream breaks.

import { encodeBatch, maxMessageBytes, type ResultCredit, type WorkerMessageInit } from "@sage/protocol";
import { ResultTooLargeError } from "./errors.ts";

/** Of one message, in bytes; a batch of several records is divided until it fits. */
const largestBytes = maxMessageBytes - 64 * 1024;
const aimedBytes = 1024 * 1024;

export class ResultStream {
  readonly #nodeId: string;
  readonly #index: number;
  readonly #send: (message: WorkerMessageInit) => Promise<void> | undefined;
  readonly #unanswered: WorkerMessageInit[] = [];
  #credit = 0;
  #firstCredit = true;
  #seq = 0;
  #wake: () => void = () => {};

  /** @param index - of the parallel instance. */
  constructor(nodeId: string, index: number, send: (message: WorkerMessageInit) => Promise<void> | undefined) {
    this.#nodeId = nodeId;
    this.#index = index;
    this.#send = send;
  }

  /**
   * Sends records, in order with earlier calls if each is awaited. Waits for credit.
   *
   * @param afterCheckpoint - behind the barrier of which they stand; 0: none.
   */
  async add(records: readonly unknown[], signal: AbortSignal, afterCheckpoint = 0): Promise<void> {
    if (records.length === 0) return;
    const bytes = encodeBatch(records);
    if (bytes.length > aimedBytes && records.length > 1) {
      const middle = records.length >> 1;
      await this.add(records.slice(0, middle), signal, afterCheckpoint);
      return this.add(records.slice(middle), signal, afterCheckpoint);
    }
    if (bytes.length > largestBytes) throw new ResultTooLargeError(bytes.length, largestBytes);
    await this.#sendBatch(bytes, false, signal, afterCheckpoint);
  }

  /** Says that no more follows. */
  end(signal: AbortSignal): Promise<void> {
    return this.#sendBatch(new Uint8Array(), true, signal);
  }

  grant({ batches }: ResultCredit): void {
    if (!this.#firstCredit) this.#unanswered.splice(0, batches);
    this.#firstCredit = false;
    this.#credit += batches;
    this.#wake();
  }

  /** Sends again what no credit has answered. */
  repeat(): void {
    for (const message of this.#unanswered) void this.#send(message);
  }

  async #sendBatch(records: Uint8Array, last: boolean, signal: AbortSignal, afterCheckpoint = 0): Promise<void> {
    const onAbort = () => this.#wake();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      while (this.#credit === 0) {
        signal.throwIfAborted();
        await new Promise<void>((resolve) => { this.#wake = resolve; });
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
    this.#credit--;
    const message = { result: { nodeId: this.#nodeId, batch: { index: this.#index, seq: this.#seq++, records: Buffer.from(records), afterCheckpoint }, last } };
    this.#unanswered.push(message);
    await this.#send(message);
  }
}
