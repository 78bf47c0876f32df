// The port between a task and what carries its records: one channel from one upstream to one downstream instance.
//
// Invariants, of every channel:
//   C1. Items arrive in the order they were sent, each once; `end` is the last.
//   C2. A sender that waits for the promise of `send` keeps at most one batch beyond the channel's window in memory.
//
// Batching is the sender's: a task sends a batch when it is full or a few milliseconds old, whichever is first (the
// adaptive flush). A channel never holds a batch back to make it larger.

/** What travels between the batches, in its place among them. */
export type ChannelEvent =
  | { readonly kind: "end" }
  /** No record earlier than this will follow, in milliseconds since the epoch; may be ±Infinity. */
  | { readonly kind: "watermark"; readonly timeMs: number }
  /** Nothing will come for a while: do not wait for this channel's watermark. */
  | { readonly kind: "idle" }
  /** Sent by a source at `atMs`, since the epoch, to see how long it takes to the end. */
  | { readonly kind: "marker"; readonly atMs: number }
  | { readonly kind: "barrier"; readonly checkpointId: number; readonly savepoint: boolean };

/** A batch of records, or an event: `Array.isArray` tells them apart. */
export type ChannelItem = unknown[] | ChannelEvent;

/** Sends batches of records to one downstream instance. */
export interface OutputChannel {
  /**
   * Queues a batch, which belongs to the channel from then on. Returns undefined when there is room for more, else a
   * promise that resolves when there is again, and rejects when the channel fails.
   *
   * @throws what made the channel fail, or `SAGE_UNSERIALIZABLE` for a record that cannot be sent.
   */
  send(batch: unknown[]): Promise<void> | undefined;
  /** Queues the end of input behind the last batch. Once is enough; more are ignored. */
  end(): void;
  /** Queues an event behind what was sent. Of watermarks that wait one after the other, the last one stays. */
  sendEvent(event: ChannelEvent): void;
  /** Batches and events that were queued and have not left yet. */
  readonly queued: number;
  /** Bytes of the batches sent so far, where batches become bytes. */
  readonly bytes?: number;
}

/** Receives from one upstream instance. */
export interface InputChannel {
  /**
   * Takes the next item, which also makes room for another; undefined when there is none yet. After `end` there is none.
   *
   * @throws what made the channel fail, once all that had arrived before is taken.
   */
  poll(): ChannelItem | undefined;
  /** Called, without arguments, when something came into the empty queue, or when the channel failed. Must not throw. */
  onReadable: (() => void) | undefined;
  /** Items that have arrived and were not taken. */
  readonly queued: number;
  /** Bytes of the batches that have arrived so far, and of those not taken, where batches come as bytes. */
  readonly bytes?: number;
  readonly queuedBytes?: number;
}
