// q8, new users at work: people who opened an auction in the same ten seconds in which they registered, each once.

import { tumbling } from "@sage/graph";
import { groupBy, type NexmarkQuery } from "./query.ts";
import { isAuction, isPerson } from "./source.ts";

const sizeMs = 10_000;

interface NewSeller {
  readonly id: number;
  readonly name: string;
  readonly startMs: number;
}

const startOf = (atMs: number) => Math.floor(atMs / sizeMs) * sizeMs;

export const q8: NexmarkQuery<NewSeller> = {
  name: "q8",
  asks: "who opened an auction in the 10 s of their registration",
  pipeline(events) {
    const people = events.filter(isPerson).keyBy((person) => person.id);
    const sellers = events.filter(isAuction).keyBy((auction) => auction.seller).window(tumbling(sizeMs))
      .aggregate({ init: () => 0, add: (auctions) => auctions + 1, result: (_auctions, seller) => seller });
    return people.connect(sellers.keyBy((seller) => seller)).windowJoin(tumbling(sizeMs), ({ id, name, at }) => ({ id, name, startMs: startOf(at) }));
  },
  naive(events) {
    const auctions = groupBy(events.filter(isAuction), (auction) => `${auction.seller} ${startOf(auction.at)}`);
    return events.filter(isPerson).filter(({ id, at }) => auctions.has(`${id} ${startOf(at)}`)).map(({ id, name, at }) => ({ id, name, startMs: startOf(at) }));
  },
};
