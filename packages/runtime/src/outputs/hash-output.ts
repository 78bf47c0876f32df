// Sends equal keys to the same instance: key → stable hash → key group → instance, the same in every process.

import { instanceOf, keyGroupOf, stableHash } from "@sage/protocol/records";
import type { Wait } from "../chain/scope.ts";
import type { Lane } from "./lane.ts";
import { LanesOutput } from "./output.ts";

export class HashOutput extends LanesOutput {
  readonly #keyOf: (record: unknown) => unknown;
  readonly #maxParallelism: number;
  readonly #laneOfGroup: Uint16Array;

  constructor(lanes: readonly Lane[], keyOf: (record: unknown) => unknown, maxParallelism: number) {
    super(lanes);
    this.#keyOf = keyOf;
    this.#maxParallelism = maxParallelism;
    this.#laneOfGroup = Uint16Array.from({ length: maxParallelism }, (_, group) => instanceOf(group, maxParallelism, lanes.length));
  }

  push(record: unknown): Wait {
    return this.lanes[this.#laneOf(record)]!.push(record);
  }

  /** A record whose key cannot be made goes to the first instance, which meets the same error and handles it by its policy. */
  #laneOf(record: unknown): number {
    try {
      return this.#laneOfGroup[keyGroupOf(stableHash(this.#keyOf(record)), this.#maxParallelism)]!;
    } catch {
      return 0;
    }
  }
}
