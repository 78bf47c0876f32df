import { systemClock, type Clock } from "@sage/core";
import { expect, test } from "vitest";
import { rayNodes, RayWatch } from "./ray-watch.ts";

const node = { nodeId: "a", name: "10.0.0.1", ip: "10.0.0.1", isHead: true, isAlive: true, stateMessage: "", labels: {}, resources: { CPU: 4, sage_slot: 2, "node:10.0.0.1": 1 } };
const machine = { hostname: "h1", cpus: 8, cpuRatio: 0.5, memoryBytes: 100, memoryUsedBytes: 40, diskBytes: 10, diskUsedBytes: 5, clockMs: 12_000 };

test("a node has Ray's resources with their use, its machine, and how far its clock is ahead", () => {
  const [shown] = rayNodes([node], [{ nodeId: "a", resources: [{ name: "CPU", used: 1, total: 4 }], machine }], 10_000);
  expect(shown).toMatchObject({ host: "h1", isHead: true, why: "", machine: { cpus: 8, memoryUsedBytes: 40, clockAheadMs: 2_000 } });
  expect(shown!.resources).toEqual([{ name: "CPU", total: 4, used: 1 }, { name: "sage_slot", total: 2, used: null }]);
});

test("a dead node says why, and nothing of its machine; one without a report is named by its address", () => {
  const [dead, silent] = rayNodes([{ ...node, isAlive: false, stateMessage: "health check failed" }, { ...node, nodeId: "b", name: "" }], [{ nodeId: "a", resources: [], machine }], 0);
  expect(dead).toMatchObject({ isAlive: false, why: "health check failed", machine: null });
  expect(silent).toMatchObject({ host: "10.0.0.1", machine: null });
});

test("a dashboard that Ray does not tell of is asked for again at the next look, and its absence has a reason", async () => {
  let atMs = 0;
  const clock: Clock = { ...systemClock, monotonicMs: () => atMs };
  const answers = [() => Promise.reject(new Error("it listens on loopback alone")), () => Promise.resolve("http://127.0.0.1:1")];
  const watch = new RayWatch({ dashboard: () => answers.shift()!(), tokenPlace: "/home/a/token", clock });
  expect(await watch.look()).toMatchObject({ state: "unreachable", dashboardUrl: "", why: "it listens on loopback alone", tokenPlace: "/home/a/token" });
  atMs = 10_000;
  await expect.poll(() => watch.look()).toMatchObject({ state: "unreachable", dashboardUrl: "http://127.0.0.1:1", why: expect.stringContaining("127.0.0.1:1") });
});
