// The Nexmark model: people register, open auctions, and bid. Event n is a function of the seed and n alone, so that any
// share of a stream can be made anywhere, and made again.
//
// Of 50 events in a row the first is a person, the next three are auctions, 46 are bids. Sellers and bidders are among
// the latest people, bids among the latest auctions, some of them far more often ("hot"); a few bids and sellers are
// ahead of what they name. After P. Tucker, K. Tufte, V. Papadimos, D. Maier, "NEXMark: A Benchmark for Queries over
// Data Streams", OGI 2002, with the proportions of Apache Beam's edition.

import { Draw } from "./draw.ts";

export interface Person {
  readonly kind: "person";
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly city: string;
  readonly state: string;
  /** Milliseconds since the epoch, as in all events. */
  readonly at: number;
}

export interface Auction {
  readonly kind: "auction";
  readonly id: number;
  readonly item: string;
  readonly seller: number;
  readonly category: number;
  readonly initialBid: number;
  readonly at: number;
  /** Bids at this moment still count. */
  readonly expiresAt: number;
}

export interface Bid {
  readonly kind: "bid";
  readonly auction: number;
  readonly bidder: number;
  /** In cents. */
  readonly price: number;
  readonly channel: string;
  readonly at: number;
}

export type NexmarkEvent = Person | Auction | Bid;

export interface NexmarkInput {
  readonly events: number;
  readonly seed: number;
  /** How dense the events are in their own time, which begins at the epoch. */
  readonly eventsPerSecond: number;
}

const peopleOfFifty = 1;
const auctionsOfFifty = 3;
const firstId = 1000;
const firstCategory = 10;
const categories = 5;
/** How many of the latest people sell and bid, and how many auctions are open at once, about. */
const activePeople = 1000;
const openAuctions = 100;
/** Events in which so many auctions open. */
const openEvents = Math.floor((openAuctions * 50) / auctionsOfFifty);
/** How far ahead of the events an id may be. */
const lead = 10;

const states = ["AZ", "CA", "ID", "OR", "WA", "WY"] as const;
const cities = ["Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland", "Bend", "Redmond", "Seattle", "Kent", "Cheyenne"] as const;
const firstNames = ["Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"] as const;
const lastNames = ["Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"] as const;
const channels = ["apple", "google", "facebook", "baidu"] as const;

const timeOf = ({ eventsPerSecond }: NexmarkInput, n: number) => Math.floor((n * 1_000) / eventsPerSecond);
const peopleUntil = (n: number) => Math.floor(n / 50) * peopleOfFifty + Math.min(n % 50, peopleOfFifty - 1);
const auctionsUntil = (n: number) => Math.floor(n / 50) * auctionsOfFifty + Math.min(Math.max(n % 50 - peopleOfFifty, -1), auctionsOfFifty - 1);

/** Makes event `n`, from 0. */
export function eventAt(input: NexmarkInput, n: number): NexmarkEvent {
  const draw = new Draw(input.seed, n);
  const at = timeOf(input, n);
  const place = n % 50;
  if (place < peopleOfFifty) return person(draw, n, at);
  // An auction lasts at most as long as it takes to open twice as many as are open at once.
  return place < peopleOfFifty + auctionsOfFifty ? auction(draw, n, at, 2 * (timeOf(input, n + openEvents) - at)) : bid(draw, n, at);
}

function person(draw: Draw, n: number, at: number): Person {
  const name = `${draw.of(firstNames)} ${draw.of(lastNames)}`;
  return { kind: "person", id: firstId + peopleUntil(n), name, email: `${draw.word(7)}@${draw.word(5)}.com`, city: draw.of(cities), state: draw.of(states), at };
}

function auction(draw: Draw, n: number, at: number, longestMs: number): Auction {
  return {
    kind: "auction", id: firstId + auctionsUntil(n), item: draw.word(12), seller: somebody(draw, n, 100),
    category: firstCategory + draw.below(categories), initialBid: price(draw), at, expiresAt: at + 1 + draw.below(longestMs),
  };
}

function bid(draw: Draw, n: number, at: number): Bid {
  const latest = auctionsUntil(n);
  const isHot = draw.below(2) > 0;
  const oldest = Math.max(latest - openAuctions, 0);
  const auctionAt = isHot ? Math.floor(latest / 100) * 100 : oldest + draw.below(latest - oldest + 1 + lead);
  return { kind: "bid", auction: firstId + auctionAt, bidder: somebody(draw, n, 100) + 1, price: price(draw), channel: draw.of(channels), at };
}

/** In three of four cases the one of a hundred that is hot now, else any active person, or one of the next. */
function somebody(draw: Draw, n: number, every: number): number {
  const latest = peopleUntil(n);
  if (draw.below(4) > 0) return firstId + Math.floor(latest / every) * every;
  const active = Math.min(latest + 1, activePeople);
  return firstId + latest + 1 - active + draw.below(active + lead);
}

/** From 1 to 10,000,000 cents, small ones as often as great ones of ten times the range. */
const price = (draw: Draw): number => Math.round(10 ** (draw.fraction() * 6) * 100);
