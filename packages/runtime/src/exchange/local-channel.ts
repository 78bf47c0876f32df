// A channel between two tasks of one process: a bounded queue of the batches themselves, by reference.

import { deferred, type Deferred } from "@sage/core";
import type { ChannelEvent, ChannelItem, InputChannel, OutputChannel } from "./channel.ts";
import { Fifo } from "./fifo.ts";

export const defaultWindow = 8;

/** Both ends of a channel that holds up to `window` items, default 8, before `send` asks to wait. */
export function localChannel(window: number = defaultWindow): { output: OutputChannel; input: InputChannel } {
  const channel = new LocalChannel(window);
  return { output: channel, input: channel };
}

class LocalChannel implements OutputChannel, InputChannel {
  readonly #window: number;
  readonly #items = new Fifo<ChannelItem>();
  #room: Deferred<void> | undefined;
  #ended = false;
  onReadable: (() => void) | undefined;

  constructor(window: number) {
    this.#window = window;
  }

  get queued(): number {
    return this.#items.length;
  }

  send(batch: unknown[]): Promise<void> | undefined {
    this.#push(batch);
    if (this.#items.length < this.#window) return undefined;
    return (this.#room ??= deferred()).promise;
  }

  sendEvent(event: ChannelEvent): void {
    if (event.kind === "end") return this.end();
    const last = this.#items.last;
    if (event.kind === "watermark" && last !== undefined && !Array.isArray(last) && last.kind === "watermark") {
      this.#items.replaceLast(event);
    } else {
      this.#push(event);
    }
  }

  end(): void {
    if (this.#ended) return;
    this.#push({ kind: "end" });
    this.#ended = true;
  }

  #push(item: ChannelItem): void {
    if (this.#ended) throw new Error("a channel was used after its end");
    this.#items.push(item);
    if (this.#items.length === 1) this.onReadable?.();
  }

  poll(): ChannelItem | undefined {
    const item = this.#items.shift();
    if (this.#room !== undefined && this.#items.length < this.#window) {
      this.#room.resolve();
      this.#room = undefined;
    }
    return item;
  }
}
