// q5, hot items: in the last ten seconds, every two, the auctions with the most bids, all that have as many.

import { sliding, tumbling } from "@sage/graph";
import { groupBy, type NexmarkQuery } from "./query.ts";
import { isBid } from "./source.ts";

const sizeMs = 10_000;
const slideMs = 2_000;

interface HotItem {
  readonly auction: number;
  readonly bids: number;
  readonly endMs: number;
}

/** Keeps those with the most bids. */
function hottest(so: readonly HotItem[], item: HotItem): readonly HotItem[] {
  const most = so[0]?.bids ?? 0;
  return item.bids > most ? [item] : item.bids === most ? [...so, item] : so;
}

export const q5: NexmarkQuery<HotItem> = {
  name: "q5",
  asks: "the auctions with the most bids in the last 10 s, every 2 s",
  pipeline: (events) => events
    .filter(isBid)
    .keyBy((bid) => bid.auction)
    .window(sliding(sizeMs, slideMs))
    .aggregate({ init: () => 0, add: (bids) => bids + 1, merge: (a, b) => a + b, result: (bids, auction, { endMs }): HotItem => ({ auction, bids, endMs }) })
    // The counts of a window have its last millisecond as their time: each falls into the slide that ends with its window.
    .keyBy((item) => item.endMs)
    .window(tumbling(slideMs))
    .aggregate({ init: (): readonly HotItem[] => [], add: hottest, result: (items) => items })
    .flatMap((items) => items),
  naive(events) {
    const bids = events.filter(isBid);
    const firstEnd = Math.floor(bids[0]!.at / slideMs) * slideMs + slideMs;
    const windows: HotItem[][] = [];
    for (let endMs = firstEnd; endMs - sizeMs <= bids.at(-1)!.at; endMs += slideMs) {
      const counts = groupBy(bids.filter(({ at }) => at >= endMs - sizeMs && at < endMs), (bid) => bid.auction);
      const most = Math.max(...[...counts.values()].map((all) => all.length));
      windows.push([...counts].filter(([, all]) => all.length === most).map(([auction]) => ({ auction, bids: most, endMs })));
    }
    return windows.flat();
  },
};
