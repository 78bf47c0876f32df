// What a checkpoint waited for, in words: the same on the page and in the terminal. Pure.

import type { SlowestTask__Output as SlowestTask } from "../gen/sage/v1/SlowestTask.ts";

/** Parts of the time that are shorter are not worth a word. */
const worthSayingMs = 1;

/** Such as `count[1] on h2: the barrier waited 1200 ms behind queued records, 80 ms aligning, 5 ms writing`; empty if nobody was waited for. */
export function checkpointDelay({ slowest }: { readonly slowest?: SlowestTask | null }, showMs: (ms: number) => string = (ms) => `${ms} ms`): string {
  if (!slowest || slowest.operator === "") return "";
  const { operator, index, host, barrierMs, alignmentMs, writeMs } = slowest;
  const parts = [
    barrierMs >= worthSayingMs ? `the barrier waited ${showMs(barrierMs)} behind queued records` : "",
    alignmentMs >= worthSayingMs ? `${showMs(alignmentMs)} aligning` : "",
    writeMs >= worthSayingMs ? `${showMs(writeMs)} writing` : "",
  ].filter((part) => part !== "");
  return `${operator}[${index}]${host === "" ? "" : ` on ${host}`}: ${parts.length === 0 ? "no time worth naming" : parts.join(", ")}`;
}
