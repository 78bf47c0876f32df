// How far event time has come behind several input channels: as far as on the one that is furthest behind. Pure.
//
// Invariants:
//   W1. It never goes back.
//   W2. A channel that is idle, or has ended, is not waited for. When nobody is left to wait for, time goes as far as the
//       furthest of them has come.
//   W3. A channel that comes back from idleness counts again once it has caught up: until then it would only pull back.

interface Channel {
  readonly isTimed: boolean;
  timeMs: number;
  isActive: boolean;
  /** Whether it is waited for (W3). */
  counts: boolean;
}

export class InputWatermarks {
  readonly #channels: readonly Channel[];
  /** No record of this time or an earlier one is expected. */
  timeMs = -Infinity;
  /** Whether no channel is waited for. */
  isIdle = false;

  /** @param timed - for each channel, whether it carries watermarks; others are not waited for. */
  constructor(timed: readonly boolean[]) {
    this.#channels = timed.map((isTimed) => ({ isTimed, timeMs: -Infinity, isActive: isTimed, counts: isTimed }));
  }

  /** A watermark came on a channel. Whether `timeMs` has grown. */
  advance(channel: number, timeMs: number): boolean {
    const found = this.#channels[channel]!;
    if (timeMs > found.timeMs) found.timeMs = timeMs;
    this.wake(channel);
    if (!found.counts && found.timeMs >= this.timeMs) found.counts = true;
    return found.counts && this.#grow(this.#least());
  }

  /** Something came on a channel: it is not idle. */
  wake(channel: number): void {
    const found = this.#channels[channel]!;
    if (found.isActive || !found.isTimed) return;
    found.isActive = true;
    found.counts = found.timeMs >= this.timeMs;
    this.isIdle = false;
  }

  /** A channel is idle, or has ended. Whether `timeMs` has grown. */
  leave(channel: number): boolean {
    const found = this.#channels[channel]!;
    found.isActive = found.counts = false;
    this.isIdle = !this.#channels.some((each) => each.isActive);
    return this.#grow(this.isIdle ? Math.max(...this.#channels.map((each) => each.timeMs)) : this.#least());
  }

  #least(): number {
    let least = Infinity;
    let isKnown = false;
    for (const each of this.#channels) {
      if (!each.counts) continue;
      isKnown = true;
      if (each.timeMs < least) least = each.timeMs;
    }
    return isKnown ? least : this.timeMs;
  }

  #grow(timeMs: number): boolean {
    if (timeMs <= this.timeMs) return false;
    this.timeMs = timeMs;
    return true;
  }
}
