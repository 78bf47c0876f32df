import fc from "fast-check";
import { expect, test } from "vitest";
import { endedLoops, sumLoops, type LoopSums } from "./loop-termination.ts";

const count = (loopId: string, sent: number, processed: number, quiet = true) => ({ loopId, sent, processed, quiet });

test("a loop has ended when two rounds agree, everybody is quiet, and all that was sent has been processed", () => {
  const round = sumLoops([[count("a", 3, 5)], [count("a", 4, 2)]]);
  expect(endedLoops(round, round)).toEqual(["a"]);
});

test.each([
  ["there was no round before", new Map(), sumLoops([[count("a", 1, 1)]])],
  ["a record is on its way", sumLoops([[count("a", 2, 1)]]), sumLoops([[count("a", 2, 1)]])],
  ["somebody is busy", sumLoops([[count("a", 1, 1, false)]]), sumLoops([[count("a", 1, 1, false)]])],
  ["somebody was busy in the first round", sumLoops([[count("a", 1, 1, false)]]), sumLoops([[count("a", 1, 1)]])],
  ["the sums have grown between the rounds", sumLoops([[count("a", 1, 1)]]), sumLoops([[count("a", 2, 2)]])],
])("a loop has not ended while %s", (_why, before, now) => {
  expect(endedLoops(before, now)).toEqual([]);
});

test("loops end one by one", () => {
  const before = sumLoops([[count("a", 1, 1), count("b", 5, 4)]]);
  const now = sumLoops([[count("a", 1, 1), count("b", 5, 5)]]);
  expect(endedLoops(before, now)).toEqual(["a"]);
});

// Workers that send records round a ring while they are asked one after another, at any moments: the dangerous case is
// a record that passes from a worker asked later to one asked earlier, so that single rounds see a balance.
test("no order of asking ever ends a loop that still has a record", () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 6 }), fc.array(fc.nat(7), { minLength: 10, maxLength: 200 }), (workers, hops, schedule) => {
    const sent = Array<number>(workers).fill(0);
    const processed = Array<number>(workers).fill(0);
    let onItsWayTo: number | undefined = 0;
    let hopsLeft = hops;
    sent[workers - 1]!++; // one record, sent into the ring
    let asked = 0;
    let earlier: LoopSums = new Map();
    let reports: ReturnType<typeof count>[][] = [];
    for (const step of schedule) {
      if (step < 3 && onItsWayTo !== undefined) {
        const at: number = onItsWayTo;
        processed[at]!++;
        onItsWayTo = undefined;
        if (hopsLeft-- > 0) {
          sent[at]!++;
          onItsWayTo = (at + 1) % workers;
        }
      } else {
        reports.push([count("ring", sent[asked]!, processed[asked]!)]);
        asked = (asked + 1) % workers;
        if (asked === 0) {
          const sums = sumLoops(reports);
          if (endedLoops(earlier, sums).length > 0) expect(onItsWayTo).toBeUndefined();
          earlier = sums;
          reports = [];
        }
      }
    }
  }));
});
