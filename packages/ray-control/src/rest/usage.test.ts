import { expect, test } from "vitest";
import { parseNodeUse, parseResourceUse } from "./usage.ts";

test("the text that Ray writes for people is read as numbers, custom resources too", () => {
  expect(parseResourceUse("0.5/4.0 CPU\n512.00MiB/22.10GiB memory\n0B/76B object_store_memory\n 1.0/4.0 sage_slot\n0.0/2.0 GPU (0.0 used of 1.0 reserved in placement groups)")).toEqual([
    { name: "CPU", used: 0.5, total: 4 },
    { name: "memory", used: 536_870_912, total: 23_729_694_310.4 },
    { name: "object_store_memory", used: 0, total: 76 },
    { name: "sage_slot", used: 1, total: 4 },
    { name: "GPU", used: 0, total: 2 },
  ]);
  expect(parseResourceUse(undefined)).toEqual([]);
});

test("a node has what its agent reports of the machine, or nothing where there is no agent", () => {
  const reported = { hostname: "h1", now: 1_795_275_179.5, cpu: 25, cpus: [2, 2], mem: [100, 60, 40, 30], disk: { "/": { total: 200, used: 20, free: 150 } } };
  expect(parseNodeUse({ summary: [{ ...reported, raylet: { nodeId: "a" } }, { raylet: { nodeId: "b" } }, {}], nodeLogicalResources: { b: "1.0/2.0 CPU" } })).toEqual([
    { nodeId: "a", resources: [], machine: { hostname: "h1", cpus: 2, cpuRatio: 0.25, memoryBytes: 100, memoryUsedBytes: 30, diskBytes: 200, diskUsedBytes: 50, clockMs: 1_795_275_179_500 } },
    { nodeId: "b", resources: [{ name: "CPU", used: 1, total: 2 }], machine: undefined },
  ]);
  expect(parseNodeUse({})).toEqual([]);
});
