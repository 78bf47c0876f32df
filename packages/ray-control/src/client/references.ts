// Which objects and actors of the server we hold, and how often. The server knows an id as held or not: so it is told
// of the last release only. Releases are collected for a moment and sent as one request.

const collectMs = 5;
const mostAtOnce = 1_000;

export class References {
  readonly #send: (ids: Buffer[]) => Promise<unknown>;
  readonly #held = new Map<string, number>();
  #toRelease: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<unknown> = Promise.resolve();
  /** Handles that nobody holds any more, though nobody has released them. */
  readonly #forgotten = new FinalizationRegistry<string>((id) => this.drop(id));

  constructor(send: (ids: Buffer[]) => Promise<unknown>) {
    this.#send = send;
  }

  /** One more holder of `id` (hex). With `handle`, its being forgotten releases too. */
  hold(id: string, handle?: object): void {
    this.#held.set(id, (this.#held.get(id) ?? 0) + 1);
    if (handle) this.#forgotten.register(handle, id, handle);
  }

  release(id: string, handle: object): void {
    this.#forgotten.unregister(handle);
    this.drop(id);
  }

  /** One holder fewer. */
  drop(id: string): void {
    const count = this.#held.get(id);
    if (count === undefined) return;
    if (count > 1) this.#held.set(id, count - 1);
    else {
      this.#held.delete(id);
      this.releaseNow(Buffer.from(id, "hex"));
    }
  }

  isHeld(id: string): boolean {
    return this.#held.has(id);
  }

  /** Of ids that never had a holder. */
  releaseNow(id: Buffer): void {
    this.#toRelease.push(id);
    if (this.#toRelease.length >= mostAtOnce) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), collectMs).unref();
  }

  /** Resolves when the server has heard of every release so far; never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ids = this.#toRelease;
    this.#toRelease = [];
    const earlier = this.#sending;
    // A lost session has released everything already.
    const sending = ids.length > 0 ? this.#send(ids).catch(() => {}) : Promise.resolve();
    this.#sending = Promise.all([earlier, sending]);
    await this.#sending;
  }
}
