// Spreads records evenly: one after the other to each instance in turn, leaving out those that are behind.

import { deferred, type Deferred } from "@sage/core";
import type { Wait } from "../chain/scope.ts";
import type { Lane } from "./lane.ts";
import { LanesOutput } from "./output.ts";

export class RebalanceOutput extends LanesOutput {
  #turn: number;
  #free: Deferred<void> | undefined;

  /** @param first - the lane that gets the first record: another one for every sender, so that few records spread too. */
  constructor(lanes: readonly Lane[], first: number) {
    super(lanes);
    this.#turn = first % lanes.length;
    for (const lane of lanes) lane.onFree = () => this.#wake();
  }

  push(record: unknown): Wait {
    const lane = this.#nextLane();
    return lane.push(record) === undefined || this.lanes.some((each) => each.blocked === undefined) ? undefined : this.#room();
  }

  #nextLane(): Lane {
    const count = this.lanes.length;
    for (let tried = 0; tried < count; tried++) {
      const lane = this.lanes[this.#turn]!;
      this.#turn = this.#turn + 1 === count ? 0 : this.#turn + 1;
      if (lane.blocked === undefined) return lane;
    }
    return this.lanes[this.#turn]!;
  }

  /** Resolves when the first of the lanes takes more. */
  #room(): Promise<void> {
    return (this.#free ??= deferred()).promise;
  }

  #wake(): void {
    this.#free?.resolve();
    this.#free = undefined;
  }
}
