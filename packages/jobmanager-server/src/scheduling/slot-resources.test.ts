import { expect, test } from "vitest";
import { planOf } from "../testing/test-daemon.ts";
import { slotResources } from "./slot-resources.ts";

test("a worker needs the most that an operator with an instance there asks for, of each kind by itself", () => {
  const plan = planOf({ parallelism: 1 });
  const [source, sink] = plan.nodes;
  const both = { ...plan, nodes: [{ ...source!, resources: { cpus: 0.5, gpus: 1, custom: { fpga: 1 } } }, { ...sink!, parallelism: 3, resources: { cpus: 2, memoryBytes: 7 } }] };
  expect(slotResources(both, 0)).toEqual({ cpus: 2, gpus: 1, memoryBytes: 7, custom: { fpga: 1 } });
  expect(slotResources(both, 2)).toEqual({ cpus: 2, gpus: 0, memoryBytes: 7, custom: {} });
});

test("an operator that says nothing asks for one CPU; if none says anything, the driver decides", () => {
  const plan = planOf({ parallelism: 1 });
  expect(slotResources(plan, 0)).toBeUndefined();
  expect(slotResources({ ...plan, nodes: plan.nodes.map((node, i) => (i === 0 ? { ...node, resources: { cpus: 0.1 } } : node)) }, 0)?.cpus).toBe(1);
});
