// How far event time has come in an operator, saved and restored: what was late before a restore is late behind it.

import type { KeptBeside } from "../checkpoint/state-part.ts";

/** @param put - gets what was saved; of several instances where the parallelism has changed: the least. */
export function keptWatermark(get: () => number, put: (timeMs: number) => void): KeptBeside {
  return {
    take: () => (get() === -Infinity ? undefined : get()),
    restore: (saved, { index, isRescaled }) => {
      const times = (isRescaled ? [...saved.values()] : [saved.get(index)]).map((timeMs) => (timeMs as number | undefined) ?? -Infinity);
      if (times.length > 0) put(Math.min(...times));
    },
  };
}
