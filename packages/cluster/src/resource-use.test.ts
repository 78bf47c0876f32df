import type { DashboardNode, NodeUse } from "@sage/ray-control";
import { expect, test } from "vitest";
import { resourceUse, usedOf } from "./resource-use.ts";

const node = (nodeId: string, resources: Record<string, number>, isAlive = true): DashboardNode => ({ nodeId, isAlive, isHead: false, ip: "10.0.0.1", name: nodeId, resources: { ...resources, [`node:${nodeId}`]: 1 }, labels: {}, stateMessage: "" });
const use = (nodeId: string, used: number, total: number): NodeUse => ({ nodeId, resources: [{ name: "CPU", used, total }], machine: undefined });
const free = ({ free: byNode }: ReturnType<typeof resourceUse>) => Object.fromEntries(byNode);

test("what is in use is read from the autoscaler's report", () => {
  expect(usedOf("Resources\n-----\nTotal Usage:\n 1.0/4.0 CPU\n 0B/1.2GiB memory\n 1.5MiB/95.4MiB object_store_memory\n\nTotal Constraints:\n")).toEqual({ CPU: 1, memory: 0, object_store_memory: 1.5 * 1024 ** 2 });
});

test("a node of which Ray has counted nothing is free when nothing is in use beyond what is counted", () => {
  const nodes = [node("a", { CPU: 1 }), node("b", { CPU: 2, gpu: 1 })];
  expect(free(resourceUse(nodes, [use("a", 0.5, 1)], { CPU: 0.5 }))).toEqual({ a: { CPU: 0.5 }, b: { CPU: 2 } });
  expect(free(resourceUse(nodes, [], { CPU: 0 }))).toEqual({ a: { CPU: 1 }, b: { CPU: 2 } });
  expect(free(resourceUse(nodes, [use("a", 0, 1)], { CPU: 1 }))).toEqual({ a: { CPU: 1 }, b: {} });
  expect(free(resourceUse(nodes, [], undefined))).toEqual({ a: {}, b: {} });
});

test("where every node is counted, their sum is in use, whatever the older report says; dead nodes do not count", () => {
  const nodes = [node("a", { CPU: 1 }), node("b", { CPU: 2 }), node("c", { CPU: 8 }, false)];
  expect(resourceUse(nodes, [use("a", 0, 1), use("b", 1, 2)], { CPU: 0 }).used).toEqual({ CPU: 1 });
  expect(resourceUse(nodes, [use("b", 1, 2)], { CPU: 1.5 }).used).toEqual({ CPU: 1.5 });
  expect(resourceUse([], [], undefined).used).toBe(undefined);
});
