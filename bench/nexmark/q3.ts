// q3, local items: who sells in category 10 in Oregon, Idaho or California. An incremental join: people and auctions of
// one seller meet whichever comes first, however long ago the other one came.

import type { Auction, Person } from "./events.ts";
import type { NexmarkQuery } from "./query.ts";
import { isAuction, isPerson } from "./source.ts";

interface LocalItem {
  readonly name: string;
  readonly city: string;
  readonly state: string;
  readonly auction: number;
}

const isNear = ({ state }: Person) => state === "OR" || state === "ID" || state === "CA";
const isWanted = ({ category }: Auction) => category === 10;
const localItem = ({ name, city, state }: Person, { id }: Auction): LocalItem => ({ name, city, state, auction: id });

export const q3: NexmarkQuery<LocalItem> = {
  name: "q3",
  asks: "who sells in category 10 in OR, ID or CA",
  pipeline(events) {
    const people = events.filter(isPerson).filter((person) => isNear(person)).keyBy((person) => person.id);
    const auctions = events.filter(isAuction).filter((auction) => isWanted(auction)).keyBy((auction) => auction.seller);
    return people.connect(auctions).join((person, auction) => localItem(person, auction));
  },
  naive(events) {
    const people = new Map(events.filter(isPerson).filter(isNear).map((person) => [person.id, person]));
    return events.filter(isAuction).filter((auction) => isWanted(auction) && people.has(auction.seller)).map((auction) => localItem(people.get(auction.seller)!, auction));
  },
};
