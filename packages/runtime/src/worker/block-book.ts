// Which operators have blocked the event loop, and when last.

import type { BlockViewInit } from "@sage/protocol";
import type { Block } from "./block-watch.ts";

export class BlockBook {
  readonly #blocks = new Map<string, { readonly blocks: number; readonly block: BlockViewInit }>();

  add({ operator, index, atMs, durationMs, stack }: Block): void {
    const { blocks = 0 } = this.of(operator, index);
    this.#blocks.set(`${index} ${operator}`, { blocks: blocks + 1, block: { atMs: Math.round(atMs), durationMs: Math.round(durationMs), isOver: true, stack } });
  }

  /** As the wire has it; nothing of an operator that never has. */
  of(operator: string, index: number): { readonly blocks?: number; readonly block?: BlockViewInit } {
    return this.#blocks.get(`${index} ${operator}`) ?? {};
  }
}
