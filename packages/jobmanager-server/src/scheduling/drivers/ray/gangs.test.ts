import { deferred, silentLogger, systemClock, type Clock } from "@sage/core";
import { expect, test } from "vitest";
import { Gangs, type GangSpec } from "./gangs.ts";

const demand = { CPU: 1 };
const passed = () => new Promise((resolve) => { setImmediate(resolve); });

/** A cluster with so many places, on which time passes as quickly as the process can. */
class Places {
  free: number;
  waits: string[] = [];
  mostHeld = 0;
  readonly #all: number;
  readonly #queue: (() => void)[] = [];
  readonly gangs: Gangs<number>;
  readonly #check: () => Promise<void>;
  constructor(free: number, check: () => Promise<void> = async () => {}) {
    this.#check = check;
    this.#all = free;
    this.free = free;
    const clock: Clock = { ...systemClock, sleep: async (_ms, signal) => { await passed(); signal?.throwIfAborted(); } };
    this.gangs = new Gangs({ clock, logger: silentLogger, room: async () => ({ free: { CPU: this.free }, total: { CPU: free } }), makeRoom: async () => false });
  }

  get held(): number {
    return this.#all - this.free;
  }

  async take(signal: AbortSignal): Promise<number> {
    while (this.free === 0) {
      const mine = deferred();
      this.#queue.push(mine.resolve);
      await Promise.race([mine.promise, new Promise((_, reject) => { signal.addEventListener("abort", () => reject(signal.reason as Error)); })]);
      signal.throwIfAborted();
    }
    this.free--;
    this.mostHeld = Math.max(this.mostHeld, this.held);
    return 1;
  }

  give(): void {
    this.free++;
    for (const wake of this.#queue.splice(0)) wake();
  }

  member(launch: (signal: AbortSignal, claim: () => void) => Promise<number> = (signal, claim) => { claim(); return this.take(signal); }) {
    return { demand, check: this.#check, launch, hold: async () => {}, drop: async () => this.give(), onWaiting: (why: string) => void this.waits.push(why) };
  }

  /** All members of a gang, at once. */
  bring(id: string, count: number, signal = new AbortController().signal): Promise<number[]> {
    const spec: GangSpec = { id, demands: Array.from({ length: count }, () => demand) };
    return Promise.all(spec.demands.map(() => this.gangs.together(spec, this.member(), signal)));
  }
}

test("no worker of a job is handed out before all are up", async () => {
  const places = new Places(2);
  const last = deferred<number>();
  const spec: GangSpec = { id: "a", demands: [demand, demand] };
  const { signal } = new AbortController();
  let isOut = false;
  const first = places.gangs.together(spec, places.member(), signal).then(() => { isOut = true; });
  const second = places.gangs.together(spec, places.member(() => last.promise), signal);
  for (let i = 0; i < 5; i++) await passed();
  expect(isOut).toBe(false);
  last.resolve(1);
  await Promise.all([first, second]);
  await places.gangs[Symbol.asyncDispose]();
});

test("a job that does not find room for all of its workers lets go of those it has, says so once, and gets all when there is room", async () => {
  const places = new Places(3);
  await places.take(new AbortController().signal); // somebody else's
  const three = places.bring("a", 3);
  while (places.waits.length === 0 || places.held > 1) await passed();
  for (let i = 0; i < 20; i++) {
    await passed();
    expect(places.held).toBe(1);
  }
  expect(places.waits).toEqual(["waits, and holds nothing, until all 3 workers of the job find room together: 3 CPU; free in the whole cluster: 2 CPU of 3 CPU"]);
  places.give();
  expect(await three).toEqual([1, 1, 1]);
  await places.gangs[Symbol.asyncDispose]();
});

test("jobs that each hold a part of what the others need do not wait for one another for ever", async () => {
  const places = new Places(4);
  const run = async (id: string) => {
    await places.bring(id, 3);
    await passed();
    for (let i = 0; i < 3; i++) places.give();
  };
  await Promise.all(["a", "b", "c", "d"].map(run));
  expect([places.held, places.mostHeld]).toEqual([0, 4]);
  await places.gangs[Symbol.asyncDispose]();
});

test("a job that no cluster could hold starts nothing", async () => {
  const places = new Places(2, async () => { throw new Error("too many"); });
  await expect(places.bring("a", 3)).rejects.toThrow("too many");
  expect(places.mostHeld).toBe(0);
  await places.gangs[Symbol.asyncDispose]();
});

test("a job that is ended while it waits leaves nothing, and nobody behind it waits for its turn", async () => {
  const places = new Places(2);
  const end = new AbortController();
  const three = places.bring("a", 3, end.signal);
  while (places.waits.length === 0) await passed();
  const two = places.bring("b", 2);
  end.abort(new Error("deleted"));
  await expect(three).rejects.toThrow("deleted");
  expect(await two).toEqual([1, 1]);
  await places.gangs[Symbol.asyncDispose]();
});

test("a start that fails is told as it is, and a worker that needs no others waits for none", async () => {
  const places = new Places(2);
  const { signal } = new AbortController();
  const spec: GangSpec = { id: "a", demands: [demand, demand] };
  await expect(places.gangs.together(spec, places.member(async () => { throw new Error("no Node"); }), signal)).rejects.toThrow("no Node");
  expect(await places.gangs.together({ id: "b", demands: [demand] }, places.member(), signal)).toBe(1);
  expect(await places.gangs.together(undefined, places.member(), signal)).toBe(1);
  await places.gangs[Symbol.asyncDispose]();
});

test("workers that are slow to start, but have their places, are waited for", async () => {
  const places = new Places(3);
  const slow = deferred();
  const spec: GangSpec = { id: "a", demands: [demand, demand, demand] };
  const { signal } = new AbortController();
  let launches = 0;
  const member = () => places.member(async (own, claim) => {
    claim();
    const place = await places.take(own);
    if (++launches > 1) await slow.promise;
    return place;
  });
  const all = Promise.all(spec.demands.map(() => places.gangs.together(spec, member(), signal)));
  for (let i = 0; i < 20; i++) await passed();
  slow.resolve();
  expect(await all).toEqual([1, 1, 1]);
  expect(launches).toBe(3);
  await places.gangs[Symbol.asyncDispose]();
});
