import type { RayNode } from "@sage/ray-control";
import { expect, test } from "vitest";
import { demandOf, describe, lacks, optionsOf, requireFeasible, requireFeasibleTogether, sumOf, waitText } from "./ray-placement.ts";

const node = (hostname: string, resources: Record<string, number>, isAlive = true): RayNode => ({ nodeId: hostname, isAlive, address: "10.0.0.1", hostname, resources, labels: {}, isHead: false, deathReason: "" });

test("without a word a worker asks for one CPU; none at all is possible", () => {
  expect(demandOf()).toEqual({ CPU: 1 });
  expect(describe(demandOf({ cpus: 0 }))).toBe("nothing");
  expect(optionsOf(demandOf({ cpus: 0 }))).toEqual({ numCpus: 0 });
});

test("all kinds of resources become Ray's options", () => {
  expect(optionsOf(demandOf({ cpus: 0.5, gpus: 2, memoryBytes: 2 ** 30, custom: { tpu: 4 } }))).toEqual({ numCpus: 0.5, numGpus: 2, memoryBytes: 2 ** 30, resources: { tpu: 4 } });
});

test("what no living host has is refused, with the host that comes nearest and what it lacks", () => {
  const nodes = [node("small", { CPU: 2 }), node("large", { CPU: 8, memory: 2 ** 31 }), node("dead", { CPU: 64, GPU: 8 }, false)];
  expect(() => requireFeasible({ CPU: 8 }, nodes)).not.toThrow();
  expect(() => requireFeasible({ CPU: 16 }, nodes)).toThrow("a worker needs 16 CPU, and no host of the Ray cluster has that: large comes nearest, with only 8 CPU");
  expect(() => requireFeasible({ CPU: 4, GPU: 1 }, nodes)).toThrow("large comes nearest, with no GPU");
  expect(() => requireFeasible({ CPU: 1, memory: 2 ** 33 }, nodes)).toThrow("needs 1 CPU and 8 GiB of memory, and no host of the Ray cluster has that: large comes nearest, with only 2 GiB of memory");
  expect(() => requireFeasible({ CPU: 1 }, [])).toThrow("it has no living host");
});

test("a wait is told with what is free of what there is", () => {
  expect(waitText({ CPU: 2, GPU: 1 }, { CPU: 1.5 }, { CPU: 8, GPU: 1 })).toBe("waits for free resources: it needs 2 CPU and 1 GPU; free in the whole cluster: 1.5 CPU of 8 CPU, 0 GPU of 1 GPU");
});

test("workers that run at once need places for all of them, on an idle cluster at least", () => {
  const nodes = [node("a", { CPU: 4, GPU: 1 }), node("b", { CPU: 3 }), node("dead", { CPU: 64 }, false)];
  const of = (count: number, demand: Record<string, number>) => Array.from({ length: count }, () => demand);
  expect(() => requireFeasibleTogether(of(7, { CPU: 1 }), nodes)).not.toThrow();
  expect(() => requireFeasibleTogether(of(8, { CPU: 1 }), nodes)).toThrow("the job needs 8 workers of 1 CPU at once, and all hosts of the Ray cluster together have room for 7, even when they are idle");
  expect(() => requireFeasibleTogether(of(4, { CPU: 2 }), nodes)).toThrow("needs 4 workers of 2 CPU at once, and all hosts of the Ray cluster together have room for 3");
  expect(() => requireFeasibleTogether([...of(2, { CPU: 1, GPU: 1 }), { CPU: 1 }], nodes)).toThrow("needs 2 workers of 1 CPU and 1 GPU at once");
  expect(() => requireFeasibleTogether([{ CPU: 3, GPU: 1 }, ...of(3, { CPU: 2 })], nodes)).toThrow("needs 4 workers of 2 CPU at once");
  expect(() => requireFeasibleTogether(of(10, { CPU: 0.1 }), [node("c", { CPU: 1 })])).not.toThrow();
  expect(() => requireFeasibleTogether([{}, {}], nodes)).not.toThrow();
  expect(() => requireFeasibleTogether([{ CPU: 1 }, { CPU: 9 }], nodes)).toThrow("comes nearest");
});

test("what all need together is a sum by kind", () => {
  expect(sumOf([{ CPU: 1 }, { CPU: 0.5, GPU: 1 }])).toEqual({ CPU: 1.5, GPU: 1 });
  expect([lacks({ CPU: 1 }, { CPU: 1 }), lacks({ CPU: 1, GPU: 1 }, { CPU: 4 })]).toEqual([false, true]);
});
