// Results of ended jobs which nobody has read yet: kept up to a total size, then the oldest are dropped.

import type { JobResults } from "./results.ts";

const defaultMaxBytes = 128 * 1024 * 1024;

export class UnreadResults {
  readonly #maxBytes: number;
  #kept: JobResults[] = [];

  constructor(maxBytes = defaultMaxBytes) {
    this.#maxBytes = maxBytes;
  }

  keep(results: JobResults): void {
    this.#kept = [...this.#kept.filter((each) => each.bytes > 0), results];
    let total = this.#kept.reduce((sum, each) => sum + each.bytes, 0);
    while (total > this.#maxBytes && this.#kept.length > 1) {
      const oldest = this.#kept.shift();
      total -= oldest?.bytes ?? 0;
      oldest?.drop();
    }
  }
}
