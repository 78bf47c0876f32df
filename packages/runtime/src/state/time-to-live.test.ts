import { expect, test } from "vitest";
import type { StateTtl } from "@sage/graph";
import * as fc from "fast-check";
import { KeyedState } from "./keyed-state.ts";

function stateAt(ttl: StateTtl) {
  const clock = { nowMs: 0 };
  const state = new KeyedState("op", true, () => clock.nowMs);
  state.select("key");
  return { clock, state, value: state.value("value", "none", { ttl }), list: state.list<string>("list", { ttl }), map: state.map<string, number>("map", { ttl }) };
}

test("a value lives from its last write, and is never shown once it has expired", () => {
  const { clock, state, value } = stateAt({ ms: 100 });
  value.set("a");
  clock.nowMs = 99;
  expect(value.get()).toBe("a");
  clock.nowMs = 100;
  expect(value.get()).toBe("none");
  expect(state.entries.size).toBe(0); // taken away when it was met
});

test("reading begins the time anew only where that was asked for", () => {
  for (const [refresh, at150] of [["write", "none"], ["read-and-write", "a"]] as const) {
    const { clock, value, map, list } = stateAt({ ms: 100, refresh });
    value.set("a");
    map.set("m", 1);
    list.add("l");
    clock.nowMs = 75;
    expect([value.get(), map.get("m"), list.get()]).toEqual(["a", 1, ["l"]]);
    clock.nowMs = 150;
    const isThere = at150 === "a";
    expect([value.get(), map.get("m"), [...list.get()]]).toEqual([at150, isThere ? 1 : undefined, isThere ? ["l"] : []]);
  }
});

test("items of lists and entries of maps expire each for itself", () => {
  const { clock, list, map } = stateAt({ ms: 100 });
  list.add("a");
  map.set("a", 1);
  clock.nowMs = 60;
  list.add("b");
  map.set("b", 2);
  clock.nowMs = 120;
  expect(list.get()).toEqual(["b"]);
  expect([...map.entries()]).toEqual([["b", 2]]);
  expect([map.has("a"), map.has("b")]).toEqual([false, true]);
  clock.nowMs = 160;
  list.add("c");
  expect(list.get()).toEqual(["c"]);
});

test("a value that a function made lives like one that was set", () => {
  const { clock, state } = stateAt({ ms: 100 });
  const counts = state.value<number[]>("counts", () => [], { ttl: { ms: 100 } });
  counts.get().push(1);
  clock.nowMs = 50;
  expect(counts.get()).toEqual([1]);
  clock.nowMs = 100;
  expect(counts.get()).toEqual([]);
});

test("state that had no time to live begins its time when it is first met", () => {
  const { clock, state } = stateAt({ ms: 100 });
  state.value("seen", 0).set(1);
  state.list("all").add("x");
  clock.nowMs = 1_000;
  const [seen, all] = [state.value("seen", 0, { ttl: { ms: 100 } }), state.list<string>("all", { ttl: { ms: 100 } })];
  expect([seen.get(), all.get()]).toEqual([1, ["x"]]);
  clock.nowMs = 1_100;
  expect([seen.get(), all.get()]).toEqual([0, []]);
});

test.each([0, -1, NaN])("a time to live of %d ms is refused by name", (ms) => {
  expect(() => new KeyedState("op", true).value("seen", 0, { ttl: { ms } })).toThrow(/state "seen" cannot live/);
});

test("whatever is written and read, what is shown is what was written less than its time ago", () => {
  const step = fc.record({ passMs: fc.integer({ min: 0, max: 60 }), key: fc.constantFrom("a", "b"), what: fc.constantFrom("set", "get", "delete") });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom("write" as const, "read-and-write" as const), (all, refresh) => {
    const { clock, map } = stateAt({ ms: 100, refresh });
    const model = new Map<string, { n: number; atMs: number }>();
    for (const [n, { passMs, key, what }] of all.entries()) {
      clock.nowMs += passMs;
      for (const [name, { atMs }] of model) if (clock.nowMs - atMs >= 100) model.delete(name);
      if (what === "set") {
        map.set(key, n);
        model.set(key, { n, atMs: clock.nowMs });
      } else if (what === "delete") {
        map.delete(key);
        model.delete(key);
      } else {
        const known = model.get(key);
        expect(map.get(key)).toBe(known?.n);
        if (known && refresh === "read-and-write") known.atMs = clock.nowMs;
      }
    }
  }));
});
