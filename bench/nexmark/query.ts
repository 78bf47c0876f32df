// What each query of the benchmark is: a pipeline, and the same answer found the plain way.

import type { Stream } from "@sage/graph";
import type { NexmarkEvent } from "./events.ts";

export interface NexmarkQuery<O> {
  readonly name: string;
  /** The question, in words. */
  readonly asks: string;
  pipeline(events: Stream<NexmarkEvent>): Stream<O>;
  /** All results over the whole input at once, in any order; the shorter to read the better. */
  naive(events: readonly NexmarkEvent[]): O[];
  /** The part of the results that must be equal, where their order is free and they depend on it; absent: all. */
  settled?(results: readonly O[]): O[];
}

export const groupBy = <T, K>(records: Iterable<T>, keyOf: (record: T) => K): Map<K, T[]> => {
  const groups = new Map<K, T[]>();
  for (const record of records) {
    const key = keyOf(record);
    const group = groups.get(key);
    if (group) group.push(record);
    else groups.set(key, [record]);
  }
  return groups;
};
