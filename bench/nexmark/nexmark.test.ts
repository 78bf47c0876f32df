import { describe, expect, test } from "vitest";
import { eventAt, type NexmarkInput } from "./events.ts";
import { nexmarkQueries } from "./index.ts";
import { allEvents, comparable, runQuery } from "./run.ts";

/** So slow that 20,000 events are 100 s of their time: ten windows, and bidders who pause. */
const slow = (events: number, seed: number): NexmarkInput => ({ events, seed, eventsPerSecond: 200 });

describe("the generator", () => {
  test("makes one person, three auctions and 46 bids of every fifty events", () => {
    const kinds = allEvents(slow(5_000, 1)).map(({ kind }) => kind);
    const count = (wanted: string) => kinds.filter((kind) => kind === wanted).length;
    expect([count("person"), count("auction"), count("bid")]).toEqual([100, 300, 4_600]);
  });

  test("makes the same event for the same seed and number, and another for another seed", () => {
    expect(eventAt(slow(0, 7), 12_345)).toEqual(eventAt(slow(0, 7), 12_345));
    expect(eventAt(slow(0, 8), 12_345)).not.toEqual(eventAt(slow(0, 7), 12_345));
    expect(eventAt(slow(0, 7), 2 ** 32 + 4)).not.toMatchObject({ bidder: (eventAt(slow(0, 7), 4) as { bidder: number }).bidder });
  });

  test("gives people and auctions ids in a row, and sells, bids and closes among them", () => {
    const events = allEvents(slow(50_000, 3));
    const ids = (kind: string) => events.filter((event) => event.kind === kind).map((event) => (event as { id: number }).id);
    for (const kind of ["person", "auction"]) expect(ids(kind)).toEqual(ids(kind).map((_, k) => 1000 + k));
    const bids = events.filter((event) => event.kind === "bid");
    const auctions = new Set(ids("auction"));
    const known = bids.filter((bid) => auctions.has(bid.auction)).length / bids.length;
    expect(known).toBeGreaterThan(0.95);
    expect(new Set(bids.map((bid) => bid.auction)).size).toBeGreaterThan(2_500);
  });
});

describe.each(nexmarkQueries.map((query) => [query.name, query.asks, query] as const))("%s: %s", (_name, _asks, query) => {
  test.each([1, 2])("gives exactly what a plain look at all events gives, seed %i", async (seed) => {
    const input = slow(20_000, seed);
    const expected = comparable(query, query.naive(allEvents(input)));
    expect(expected.length).toBeGreaterThan(2);
    expect(comparable(query, await runQuery(query, input))).toEqual(expected);
  });

  test("gives the same with several instances, and with events out of order", async () => {
    const input = slow(20_000, 4);
    const expected = comparable(query, query.naive(allEvents(input)));
    expect(comparable(query, await runQuery(query, input, { parallelism: 3, sources: 2 }))).toEqual(expected);
  });
});
