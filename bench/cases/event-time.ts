// A sliding window over event time on one core, beside a hand-written loop: bids per auction in the last 10 s, every 2 s
// (Nexmark's q5 without its join). Flink, Jet and Bytewax have the same query: `pnpm bench engines`.

import { against, inFreshProcess } from "./in-process.ts";
import type { CaseResult } from "./results.ts";

export { measure } from "./in-process.ts"; // called in the fresh process, which loads this module

export async function slidingWindowCase(): Promise<CaseResult[]> {
  const { sum } = await inFreshProcess("sage", "q5");
  if (sum !== 5 * 3e6) throw new Error(`every bid is in five windows, but the counts add up to ${sum}`);
  return against("q5", ["loop"]);
}
