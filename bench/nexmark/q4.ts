// q4, the average closing price of each category: an auction closes with its highest bid while it was open, and one
// without such a bid never counts. One result for each auction that closes, with the average so far.
//
// The order of events does not matter up to the watermark: a bid may come before its auction does.

import { ProcessFunction, type ProcessContext, type TimerContext } from "@sage/graph";
import type { Auction, Bid } from "./events.ts";
import { groupBy, type NexmarkQuery } from "./query.ts";
import { isAuction, isBid } from "./source.ts";

interface Closing {
  readonly category: number;
  readonly price: number;
}

export interface CategoryPrice {
  readonly category: number;
  /** Auctions closed so far. */
  readonly closed: number;
  readonly average: number;
}

const isOpenFor = (bid: Bid, auction: Auction) => bid.at >= auction.at && bid.at <= auction.expiresAt;

/** Keyed by auction. */
export class ClosingPrices extends ProcessFunction<Auction | Bid, Closing> {
  execute(event: Auction | Bid, ctx: ProcessContext<Closing>): void {
    const auction = ctx.state.value<Auction | null>("auction", null);
    const highest = ctx.state.value("highest", 0);
    if (event.kind === "auction") {
      auction.set(event);
      const early = ctx.state.list<Bid>("early");
      for (const bid of early.get()) if (isOpenFor(bid, event)) highest.set(Math.max(highest.get(), bid.price));
      early.clear();
      ctx.timers.onEventTime(event.expiresAt);
      return;
    }
    const open = auction.get();
    if (open !== null) {
      if (isOpenFor(event, open) && event.price > highest.get()) highest.set(event.price);
    } else {
      ctx.state.list<Bid>("early").add(event);
      ctx.timers.onEventTime(event.at); // by then its auction is here, or has not begun, or has ended
    }
  }

  override onTimer(timeMs: number, ctx: TimerContext<Closing>): void {
    const auction = ctx.state.value<Auction | null>("auction", null);
    const open = auction.get();
    if (open === null) {
      const early = ctx.state.list<Bid>("early");
      early.set(early.get().filter((bid) => bid.at > timeMs));
    } else if (timeMs === open.expiresAt) {
      const highest = ctx.state.value("highest", 0);
      if (highest.get() > 0) void ctx.collect({ category: open.category, price: highest.get() });
      auction.clear();
      highest.clear();
    }
  }
}

export const q4: NexmarkQuery<CategoryPrice> = {
  name: "q4",
  asks: "the average closing price of each category",
  pipeline: (events) => events
    .filter((event): event is Auction | Bid => event.kind !== "person")
    .keyBy((event) => (event.kind === "auction" ? event.id : event.auction))
    .process(ClosingPrices)
    .keyBy((closing) => closing.category)
    .aggregate({
      init: () => ({ category: 0, closed: 0, sum: 0 }),
      add: ({ closed, sum }, closing: Closing) => ({ category: closing.category, closed: closed + 1, sum: sum + closing.price }),
      result: ({ category, closed, sum }): CategoryPrice => ({ category, closed, average: sum / closed }),
    }),
  naive(events) {
    const bids = groupBy(events.filter(isBid), (bid) => bid.auction);
    const closings = events.filter(isAuction).map((auction) => {
      const prices = (bids.get(auction.id) ?? []).filter((bid) => isOpenFor(bid, auction)).map((bid) => bid.price);
      return { auction, price: prices.reduce((a, b) => Math.max(a, b), 0) };
    }).filter(({ price }) => price > 0).sort((a, b) => a.auction.expiresAt - b.auction.expiresAt);
    return [...groupBy(closings, ({ auction }) => auction.category)].flatMap(([category, closed]) => {
      let sum = 0;
      return closed.map(({ price }, k) => ({ category, closed: k + 1, average: (sum += price) / (k + 1) }));
    });
  },
  /** Auctions that close in the same millisecond may do so in any order: what each category comes to is compared. */
  settled: (prices) => [...groupBy(prices, ({ category }) => category).values()].map((all) => all.reduce((a, b) => (a.closed > b.closed ? a : b))),
};
