// Broken connections, crashed owners, and what is left behind: nothing.

import { fork } from "node:child_process";
import { once } from "node:events";
import { messageOf } from "@sage/core";
import { beforeAll, describe, expect, test } from "vitest";
import { connectRay, RayDashboard, RaySessionLostError } from "../index.ts";
import { startCutProxy } from "./cut-proxy.ts";
import { source } from "./python-source.ts";
import type { RayHead } from "./ray-head.ts";
import { until } from "./until.ts";

const counter = { source, className: "Counter", options: { numCpus: 0.1 } } as const;

export function faultSuite(headOf: () => RayHead): void {
  let dashboard: RayDashboard;

  beforeAll(() => {
    dashboard = new RayDashboard(headOf().dashboard);
  });

  const isDead = async (actorId: string) => (await dashboard.actors({ actorId })).some(({ state }) => state === "DEAD");

  describe("through a connection that breaks", () => {
    test("every call takes effect once", async () => {
      await using proxy = await startCutProxy(headOf().clientPort);
      await using ray = await connectRay(proxy.address);
      await using actor = await ray.actor(counter);
      const seen: number[] = [];
      for (let i = 0; i < 40; i++) {
        const call = actor.call("add");
        if (i % 10 === 5) proxy.cut();
        seen.push((await call) as number);
      }
      expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    });

    test("hundreds of calls under way are all answered, in order", async () => {
      await using proxy = await startCutProxy(headOf().clientPort);
      await using ray = await connectRay(proxy.address);
      await using actor = await ray.actor(counter);
      await actor.call("add");
      proxy.cutAfter(60_000, "to");
      const calls = Array.from({ length: 400 }, () => actor.call("add"));
      expect(await Promise.all(calls)).toEqual(Array.from({ length: 400 }, (_, i) => i + 2));
    });

    test("large values arrive whole, cut on the way in and on the way out", async () => {
      await using proxy = await startCutProxy(headOf().clientPort);
      await using ray = await connectRay(proxy.address);
      const large = Buffer.alloc(30 * 2 ** 20, "0123456789abcdef-");
      proxy.cutAfter(13 * 2 ** 20, "to");
      await using ref = await ray.put(large);
      proxy.cutAfter(13 * 2 ** 20, "from");
      expect(large.equals((await ray.get(ref)) as Buffer)).toBe(true);
      await using again = await ray.put(large.subarray(0, 11 * 2 ** 20)); // the parts of the next transfer are its own
      expect(((await ray.get(again)) as Buffer).length).toBe(11 * 2 ** 20);
    });

    test("an outage shorter than the grace period is only a delay", async () => {
      await using proxy = await startCutProxy(headOf().clientPort);
      await using ray = await connectRay(proxy.address);
      await using actor = await ray.actor(counter);
      const refs = await Promise.all([3, 4].map((n) => ray.submit({ source, functionName: "double" }, n)));
      await actor.call("add");
      proxy.setOpen(false);
      proxy.cut();
      const calls = [actor.call("add"), ray.nodes(), ray.getAll(refs)];
      setTimeout(() => proxy.setOpen(true), 1_500);
      expect(await Promise.all(calls)).toMatchObject([2, [{ isAlive: true }], [6, 8]]);
    });

    test("an outage longer than that loses the session, and says so to everyone who waits", async () => {
      await using proxy = await startCutProxy(headOf().clientPort);
      await using ray = await connectRay(proxy.address, { gracePeriodMs: 1_000 });
      const actor = await ray.actor(counter);
      await actor.call("add");
      proxy.setOpen(false);
      proxy.cut();
      await expect(actor.call("add")).rejects.toBeInstanceOf(RaySessionLostError);
      expect(await ray.ended).toBeInstanceOf(RaySessionLostError);
      await expect(ray.nodes()).rejects.toBeInstanceOf(RaySessionLostError);
      await until("its actor is dead", () => isDead(actor.id));
    });
  });

  test("the session of a crashed owner goes on in another's hands", async () => {
    const first = await connectRay(headOf().address);
    const actor = await first.actor(counter, 10);
    await actor.call("add");
    const { clientId, lastRequestId } = first;
    first.abandon();
    await using second = await connectRay(headOf().address, { takeOver: { clientId, afterRequestId: lastRequestId + 1_000 } });
    await using same = second.actorById(actor.id);
    expect(await same.call("add")).toBe(12);
    await second.close();
    await until("the actor is dead", () => isDead(actor.id));
  });

  test("a session that nobody holds any more cannot be taken over", async () => {
    const first = await connectRay(headOf().address);
    const { clientId, lastRequestId } = first;
    await first.close();
    await expect(connectRay(headOf().address, { takeOver: { clientId, afterRequestId: lastRequestId } })).rejects.toBeInstanceOf(RaySessionLostError);
  });

  test("what a killed program had made is gone after the grace period", async () => {
    const program = new URL("./programs/crashing-program.mjs", import.meta.url);
    const child = fork(program, [headOf().address], { execArgv: ["--conditions=development"] });
    const ended = once(child, "exit").then(([code]) => { throw new Error(`the program ended with ${String(code)}`); });
    const [{ actorId }] = (await Promise.race([once(child, "message"), ended])) as [{ actorId: string }];
    expect(await isDead(actorId)).toBe(false);
    child.kill("SIGKILL");
    await ended.catch(() => {});
    await until("its actor is dead", () => isDead(actorId)).catch(async (error: unknown) => {
      throw new Error(`${messageOf(error)}\n${await headOf().clientServerLogs()}`);
    });
  });

  test("closing ends all that the session has made, before it resolves or soon after", async () => {
    const ray = await connectRay(headOf().address);
    const actors = await Promise.all([1, 2].map((n) => ray.actor(counter, n)));
    await Promise.all(actors.map((actor) => actor.call("add")));
    await ray.close();
    for (const { id } of actors) await until("the actor is dead", () => isDead(id));
  });
}
