import { expect, test } from "vitest";
import type { HostJson } from "@sage/protocol/json";
import { ownChecks } from "./own-checks.ts";

const host: HostJson = { name: "h1", platform: "linux", cpus: 4, cpuModel: "", load: [9, 3, 1], memoryBytes: 100, memoryFreeBytes: 60, disk: { sizeBytes: 100, freeBytes: 40 }, uptimeMs: 1 };

test("a machine with room is found well, check by check", () => {
  expect(ownChecks(host).map(({ check, state, fix }) => [check, state, fix])).toEqual([["disk", "ok", ""], ["memory", "ok", ""], ["load", "ok", ""]]);
});

test("a full disk, a full memory and lasting load are named with what to do; a short peak is not", () => {
  const found = ownChecks({ ...host, load: [9, 9, 9], memoryFreeBytes: 2, disk: { sizeBytes: 100, freeBytes: 4 } });
  expect(found.map(({ state }) => state)).toEqual(["warning", "warning", "warning"]);
  expect(found[0]).toMatchObject({ host: "h1", what: expect.stringContaining("4 % of the disk"), fix: expect.stringContaining("sage job cleanup") });
  expect(ownChecks({ ...host, disk: null }).map(({ check }) => check)).toEqual(["memory", "load"]);
});
