import { expect, test } from "vitest";
import type { PlanShape } from "../graph/plan-graph.ts";
import { bottleneckOf } from "./bottleneck.ts";
import type { OperatorNumbers } from "./job-state.ts";

const plan: PlanShape = {
  nodes: ["read", "parse", "sink"].map((id) => ({ id, name: id.toUpperCase(), kind: "map", parallelism: 1 })),
  edges: [["read", "parse"], ["parse", "sink"]].map(([from = "", to = ""]) => ({ from, to, partitioning: "rebalance", feedback: false, chained: false })),
  chains: [],
};
const loads = (given: Readonly<Record<string, readonly [busy: number | undefined, backPressured: number | undefined]>>) =>
  new Map(Object.entries(given).map(([id, [busy, backPressured]]) => [id, { busy, backPressured } as OperatorNumbers]));

test("the busy operator behind back-pressure is named, with who waits for it", () => {
  expect(bottleneckOf(plan, loads({ read: [0.1, 0.8], parse: [0.97, 0], sink: [0.2, 0] }))).toEqual({
    nodeId: "parse", words: "PARSE holds the job up: it is busy 97 % of the time, and READ waits for it.",
  });
});

test("a source that is busy all the time sets the pace", () => {
  expect(bottleneckOf(plan, loads({ read: [0.99, 0], parse: [0.4, 0], sink: [0.1, 0] }))?.words).toBe("READ is busy 99 % of the time and sets the pace.");
});

test("nothing is named where nothing is measured or nobody is pressed", () => {
  expect(bottleneckOf(plan, loads({ read: [undefined, undefined], parse: [undefined, undefined] }))).toBeUndefined();
  expect(bottleneckOf(plan, loads({ read: [0.3, 0], parse: [0.4, 0], sink: [0.1, 0] }))).toBeUndefined();
});
