// Where records leave a chain: spreads them over the instances of the next operator.

import type { Wait } from "../chain/scope.ts";
import type { ChannelEvent } from "../exchange/channel.ts";
import { Lane } from "./lane.ts";

export interface Output {
  /** Takes a record; returns a promise when the sender should wait before the next one. */
  push(record: unknown): Wait;
  /** Sends what has gathered, without waiting. */
  flush(): void;
  /** Sends what has gathered, and an event behind it, to every instance. */
  event(event: ChannelEvent): void;
  /** Sends a source's marker, to one instance. */
  marker?(atMs: number): void;
  /** Where records leave the job: what has gathered and was not taken yet; a checkpoint is acknowledged behind it. */
  delivered?(): Wait;
  /** Sends the rest and the end of input. */
  end(): Promise<void>;
  /** Records taken so far, once for every instance that they go to. */
  readonly sent: number;
  /** Bytes that have left for other processes. */
  readonly bytes: number;
}

/** All records to one instance. */
export class ForwardOutput implements Output {
  readonly #lane: Lane;

  constructor(lane: Lane) {
    this.#lane = lane;
  }

  get sent(): number {
    return this.#lane.sent;
  }

  get bytes(): number {
    return this.#lane.bytes;
  }

  push(record: unknown): Wait {
    return this.#lane.push(record);
  }

  flush(): void {
    this.#lane.flush();
  }

  event(event: ChannelEvent): void {
    this.#lane.event(event);
  }

  marker(atMs: number): void {
    this.#lane.marker(atMs);
  }

  end(): Promise<void> {
    return this.#lane.end();
  }
}

/** What outputs to several instances have in common. */
export abstract class LanesOutput implements Output {
  protected readonly lanes: readonly Lane[];
  #marked = 0;

  constructor(lanes: readonly Lane[]) {
    this.lanes = lanes;
  }

  abstract push(record: unknown): Wait;

  get sent(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.sent, 0);
  }

  get bytes(): number {
    return this.lanes.reduce((sum, lane) => sum + lane.bytes, 0);
  }

  flush(): void {
    for (const lane of this.lanes) lane.flush();
  }

  event(event: ChannelEvent): void {
    for (const lane of this.lanes) lane.event(event);
  }

  /** The instances take turns. */
  marker(atMs: number): void {
    this.lanes[this.#marked++ % this.lanes.length]!.marker(atMs);
  }

  async end(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.end()));
  }
}

/** Every instance gets every record. */
export class BroadcastOutput extends LanesOutput {
  push(record: unknown): Wait {
    let full = false;
    for (const lane of this.lanes) if (lane.push(record) !== undefined) full = true;
    return full ? this.#room() : undefined;
  }

  async #room(): Promise<void> {
    for (const lane of this.lanes) await lane.blocked;
  }
}
