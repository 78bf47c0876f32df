import { expect, test } from "vitest";
import { SageError } from "@sage/core";
import { Fleet, onEachHost, type FleetEvent } from "./fleet.ts";
import type { Host } from "./host.ts";

const named = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `host${i + 1}` }));

test("every host has an outcome in the order of the hosts, and every failure has its cause and fix", async () => {
  const report = await onEachHost(named(4), async ({ name }) => {
    if (name === "host2") throw new SageError("the disk is full", { code: "SAGE_X", fault: "cluster", hint: "Make room." });
    if (name === "host4") throw new Error("odd");
    return name.toUpperCase();
  });
  expect(report.outcomes.map(({ host, kind }) => `${host} ${kind}`)).toEqual(["host1 done", "host2 failed", "host3 done", "host4 failed"]);
  expect(report.done.map(({ value }) => value)).toEqual(["HOST1", "HOST3"]);
  expect(report.failed.map(({ cause, fix }) => [cause, fix])).toEqual([["the disk is full", "Make room."], ["odd", undefined]]);
});

test("no more hosts are worked on at a time than was said", async () => {
  let now = 0;
  let most = 0;
  await onEachHost(named(20), async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
  }, { concurrency: 3 });
  expect(most).toBe(3);
});

test("a host that hangs, even deaf to its signal, fails at its deadline and gives its place to the next", async () => {
  const report = await onEachHost(named(3), ({ name }) => (name === "host1" ? new Promise(() => {}) : Promise.resolve(name)), { concurrency: 1, deadlineMs: 20 });
  expect(report.failed).toMatchObject([{ host: "host1", error: { code: "SAGE_TIMEOUT" } }]);
  expect(report.done.map(({ host }) => host)).toEqual(["host2", "host3"]);
});

test("an interruption ends what runs and what waits, and is each one's outcome", async () => {
  const stop = new AbortController();
  const running = onEachHost(named(5), (_host, { signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))), { concurrency: 2, signal: stop.signal });
  stop.abort(new Error("interrupted"));
  expect((await running).failed.map(({ cause }) => cause)).toEqual(Array(5).fill("interrupted"));
});

test("events tell what each host does", async () => {
  const events: FleetEvent[] = [];
  await onEachHost(named(1), (_host, task) => {
    task.progress("sends files");
    return Promise.resolve();
  }, { onEvent: (event) => events.push(event) });
  expect(events.map((event) => (event.kind === "progress" ? event.text : event.kind))).toEqual(["started", "sends files", "done"]);
});

test("a fleet opens each host once, opens lost ones anew, and closes all of them", async () => {
  const opened: string[] = [];
  const closed: string[] = [];
  const endings = new Map<string, AbortController>();
  const specs = named(2);
  {
    await using fleet = new Fleet(specs, ({ name }) => {
      opened.push(name);
      const ending = new AbortController();
      endings.set(name, ending);
      return Promise.resolve({ name, ended: ending.signal, [Symbol.asyncDispose]: () => Promise.resolve(void closed.push(name)) } as unknown as Host & { ended: AbortSignal });
    });
    await fleet.each(() => Promise.resolve());
    await fleet.each(() => Promise.resolve(), { only: specs.slice(1) });
    endings.get("host2")!.abort();
    await fleet.each(() => Promise.resolve());
  }
  expect(opened).toEqual(["host1", "host2", "host2"]);
  expect(closed.sort()).toEqual(["host1", "host2"]);
});

test("a hundred hosts under one signal wake no warning of Node's about listeners", async () => {
  const warnings: string[] = [];
  const hear = ({ message }: Error) => void warnings.push(message);
  process.on("warning", hear);
  await onEachHost(named(100), () => new Promise<void>((resolve) => setImmediate(resolve)), { concurrency: 64, signal: new AbortController().signal });
  process.off("warning", hear);
  expect(warnings).toEqual([]);
});
