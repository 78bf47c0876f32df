import { systemClock } from "@sage/core";
import type { RayNode } from "@sage/ray-control";
import { expect, test } from "vitest";
import { RayNodes } from "./ray-nodes.ts";

const node = (nodeId: string, CPU: number, isAlive = true): RayNode => ({ nodeId, isAlive, address: "10.0.0.1", hostname: nodeId, resources: { CPU }, labels: {}, isHead: false, deathReason: "" });
const demand = { CPU: 1 };

test("without a suspicion, and when Ray itself has given the suspect up, Ray places workers", () => {
  const nodes = new RayNodes(systemClock);
  expect(nodes.avoiding([node("a", 2), node("b", 2)], demand, 0)).toBeUndefined();
  nodes.suspect("b");
  expect(nodes.avoiding([node("a", 2), node("b", 2, false)], demand, 0)).toBeUndefined();
});

test("while a host is suspected, the others get the workers, the one with most room first", () => {
  const nodes = new RayNodes(systemClock);
  nodes.placed("w1", "a", demand);
  nodes.placed("w2", "a", demand);
  nodes.suspect("c");
  const all = [node("a", 3), node("b", 2), node("c", 64)];
  expect([0, 1, 2].map((turn) => nodes.avoiding(all, demand, turn))).toEqual([{ nodeId: "b", soft: false }, { nodeId: "a", soft: false }, { nodeId: "b", soft: false }]);
  nodes.gone("w1");
  nodes.gone("w2");
  expect(nodes.avoiding(all, demand, 0)).toEqual({ nodeId: "a", soft: false });
});

test("a host on which a worker has come up is suspected no more; with suspects alone, Ray decides", () => {
  const nodes = new RayNodes(systemClock);
  nodes.suspect("a");
  expect(nodes.avoiding([node("a", 2)], demand, 0)).toBeUndefined();
  nodes.answered("a");
  expect(nodes.avoiding([node("a", 2), node("b", 2)], demand, 0)).toBeUndefined();
});

test("packed workers fill a host before they take another, and one that is full by others' work is passed over", () => {
  const nodes = new RayNodes(systemClock);
  const all = [node("a", 2), node("b", 2), node("gone", 9, false)];
  const at = (actor: string, turn = 0) => nodes.packing(actor, all, demand, turn)?.nodeId;
  expect(["w1", "w2", "w3", "w4", "w5"].map((actor) => at(actor))).toEqual(["a", "a", "b", "b", undefined]);
  nodes.gone("w4");
  expect(at("w6")).toBe("b");
  for (const actor of ["w1", "w2", "w3", "w6"]) nodes.gone(actor);
  expect([at("w7"), at("w7", 1), at("w8")]).toEqual(["a", "b", "b"]);
});
