import type { Link } from "./link.ts";

/**
 * An object in the cluster: what `put`, `submit` and others give. Pass it to `get`, or as an argument. Released when it
 * is disposed of, released, or forgotten; the object lives as long as anybody in the cluster holds it.
 */
export class ObjectRef implements AsyncDisposable {
  /** Hexadecimal. */
  readonly id: string;
  readonly #link: Link;
  #isReleased = false;

  /** Made by a session only. */
  constructor(link: Link, id: string) {
    this.id = id;
    this.#link = link;
    link.references.hold(id, this);
  }

  get bytes(): Buffer {
    return Buffer.from(this.id, "hex");
  }

  /**
   * Does nothing, but after a wait: until then the reference is not forgotten, though nobody else holds it. (A value
   * that is released while it is waited for never comes.)
   */
  keep(): void {}

  /** Twice is harmless. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#link.references.release(this.id, this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }
}
