// What a window node says in its settings.

import type { WindowAggregate, WindowSpec } from "@sage/graph";

export interface WindowSettings {
  readonly windows: WindowSpec;
  readonly allowedLatenessMs: number;
  /** Side output of late records; absent: they are counted as skipped. */
  readonly lateTag?: string;
  /** What the node's function is: a fold, or a function of all records of a window. */
  readonly mode: "aggregate" | "process";
}

/** Keeps all records: the fold behind windows whose function wants to see them. */
export const gatherAll: WindowAggregate<unknown, unknown[], readonly unknown[]> = {
  init: () => [],
  add: (records, record) => {
    records.push(record);
    return records;
  },
  merge: (left, right) => {
    for (const record of right) left.push(record);
    return left;
  },
  result: (records) => records,
};
