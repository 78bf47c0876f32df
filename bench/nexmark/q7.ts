// q7, the highest bids of each ten seconds: all that reach the highest price. Every share of the bids finds its own, so
// that the last step, which one instance does, sees few.

import { tumbling, type Stream } from "@sage/graph";
import type { Bid } from "./events.ts";
import { groupBy, type NexmarkQuery } from "./query.ts";
import { isBid } from "./source.ts";

const sizeMs = 10_000;
const shares = 32;

const highest = (so: readonly Bid[], bid: Bid): readonly Bid[] => {
  const most = so[0]?.price ?? 0;
  return bid.price > most ? [bid] : bid.price === most ? [...so, bid] : so;
};

const highestOf = (bids: Stream<Bid>, share: (bid: Bid) => number): Stream<Bid> =>
  bids.keyBy(share).window(tumbling(sizeMs)).aggregate({ init: (): readonly Bid[] => [], add: highest, result: (best) => best }).flatMap((best) => best);

export const q7: NexmarkQuery<Bid> = {
  name: "q7",
  asks: "the highest bids of each 10 s",
  pipeline: (events) => highestOf(highestOf(events.filter(isBid), (bid) => bid.auction % shares), () => 0),
  naive: (events) => [...groupBy(events.filter(isBid), ({ at }) => Math.floor(at / sizeMs)).values()].flatMap((bids) => {
    const most = bids.reduce((so, { price }) => Math.max(so, price), 0);
    return bids.filter(({ price }) => price === most);
  }),
};
