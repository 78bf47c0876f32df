// q0, q1, q2: one bid at a time, nothing kept.

import type { Bid } from "./events.ts";
import type { NexmarkQuery } from "./query.ts";
import { isBid } from "./source.ts";

export const q0: NexmarkQuery<Bid> = {
  name: "q0",
  asks: "every bid, as it is",
  pipeline: (events) => events.filter(isBid),
  naive: (events) => events.filter(isBid),
};

const inEuros = ({ auction, bidder, price, at }: Bid) => ({ auction, bidder, price: price * 0.908, at });

export const q1: NexmarkQuery<ReturnType<typeof inEuros>> = {
  name: "q1",
  asks: "every bid with its price in euros",
  pipeline: (events) => events.filter(isBid).map((bid) => inEuros(bid)),
  naive: (events) => events.filter(isBid).map(inEuros),
};

const isSelected = (bid: Bid) => bid.auction % 123 === 0;
const auctionAndPrice = ({ auction, price }: Bid) => ({ auction, price });

export const q2: NexmarkQuery<ReturnType<typeof auctionAndPrice>> = {
  name: "q2",
  asks: "auction and price of the bids on some auctions",
  pipeline: (events) => events.filter(isBid).filter((bid) => isSelected(bid)).map((bid) => auctionAndPrice(bid)),
  naive: (events) => events.filter(isBid).filter(isSelected).map(auctionAndPrice),
};
