// q11, user sessions: how many bids each bidder made in a row, until they made none for more than ten seconds. (Sessions
// that touch are one, as in Flink.)

import { session } from "@sage/graph";
import { groupBy, type NexmarkQuery } from "./query.ts";
import { isBid } from "./source.ts";

const gapMs = 10_000;

interface UserSession {
  readonly bidder: number;
  readonly bids: number;
  readonly startMs: number;
  readonly endMs: number;
}

export const q11: NexmarkQuery<UserSession> = {
  name: "q11",
  asks: "bids per session of a bidder",
  pipeline: (events) => events
    .filter(isBid)
    .keyBy((bid) => bid.bidder)
    .window(session(gapMs))
    .aggregate({
      init: () => 0, add: (bids) => bids + 1, merge: (a, b) => a + b,
      result: (bids, bidder, { startMs, endMs }): UserSession => ({ bidder, bids, startMs, endMs }),
    }),
  naive: (events) => [...groupBy(events.filter(isBid), (bid) => bid.bidder)].flatMap(([bidder, bids]) => {
    const sessions: UserSession[] = [];
    for (const { at } of bids) {
      const last = sessions.at(-1);
      if (last && at <= last.endMs) sessions[sessions.length - 1] = { ...last, bids: last.bids + 1, endMs: at + gapMs };
      else sessions.push({ bidder, bids: 1, startMs: at, endMs: at + gapMs });
    }
    return sessions;
  }),
};
