import { expect, test } from "vitest";
import { layoutOf } from "./layout.ts";
import { planGraph, type PlanShape } from "./plan-graph.ts";

function plan(chains: readonly (readonly string[])[], edges: readonly (readonly [from: string, to: string, kind?: "feedback" | "chained"])[]): PlanShape {
  return {
    nodes: chains.flat().map((id) => ({ id, name: id, kind: "map", parallelism: 2 })),
    chains: chains.map((nodes) => ({ id: nodes[0] ?? "", parallelism: 2, nodes })),
    edges: edges.map(([from, to, kind]) => ({ from, to, partitioning: "hash", feedback: kind === "feedback", chained: kind === "chained" })),
  };
}

test("a card goes to the right of those that feed it, and no two overlap", () => {
  const graph = planGraph(plan([["a", "b"], ["c"], ["d"], ["e"]], [["a", "b", "chained"], ["b", "c"], ["b", "d"], ["c", "e"], ["d", "e"]]));
  const { cards, edges } = layoutOf(graph);
  expect(graph.edges).toHaveLength(4);
  expect(Object.keys(edges)).toHaveLength(4);
  expect(cards["a"]!.x).toBeLessThan(cards["c"]!.x);
  expect(cards["c"]!.x).toBeLessThan(cards["e"]!.x);
  for (const one of graph.cards) {
    for (const other of graph.cards) {
      if (one.id >= other.id) continue;
      const [p, q] = [cards[one.id]!, cards[other.id]!];
      expect(p.x + one.width <= q.x || q.x + other.width <= p.x || p.y + one.height <= q.y || q.y + other.height <= p.y).toBe(true);
    }
  }
});

test("a loop is drawn below everything", () => {
  const graph = planGraph(plan([["future"], ["work"]], [["future", "work"], ["work", "future", "feedback"]]));
  const { height, cards, edges } = layoutOf(graph);
  const lowestCard = Math.max(...graph.cards.map((card) => cards[card.id]!.y + card.height));
  const loop = graph.edges.find(({ feedback }) => feedback)!;
  expect(edges[loop.id]!.label.y).toBeGreaterThan(lowestCard);
  expect(edges[loop.id]!.label.y).toBeLessThan(height);
});

test("a plan without operators, and one with a hundred chains, have a layout", () => {
  expect(layoutOf(planGraph(plan([], []))).width).toBeGreaterThan(0);
  const many = Array.from({ length: 100 }, (_, index) => [`n${index}`]);
  const layout = layoutOf(planGraph(plan(many, many.slice(1).map(([id = ""], index) => [`n${Math.floor(index / 2)}`, id] as const))));
  expect(Object.keys(layout.cards)).toHaveLength(100);
});
