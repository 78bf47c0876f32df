import type { ClusterStatus, HostStatus } from "@sage/cluster";
import { expect, test } from "vitest";
import { openIo } from "../io.ts";
import { TextSink } from "../testing/capture.ts";
import { printStatus } from "./print-status.ts";

const host = (name: string, over: Partial<HostStatus> = {}): HostStatus => ({ host: name, where: `${name}:22`, role: "worker", ssh: "ok", ray: "down", tookMs: 5, ...over });

function printed(over: Partial<ClusterStatus>): string {
  const stdout = new TextSink();
  printStatus({ cluster: "default", headAddress: "a:6379", dashboard: "http://a:8265", hosts: [], troubles: [], strangers: [], ...over }, openIo({ stdout, stderr: new TextSink(), env: {}, noColor: true, quiet: false }));
  return stdout.text;
}

test("a clock is shown as ahead or behind only where that is more than what could be measured", () => {
  const text = printed({ hosts: [host("a", { clockOffsetMs: 117, clockErrorMs: 120 }), host("b", { clockOffsetMs: 300, clockErrorMs: 20 }), host("c", { clockOffsetMs: -90_000, clockErrorMs: 20 }), host("d")] });
  expect(text.split("\n").slice(2, 6).map((line) => line.split(/ {2,}/).at(-1)?.trim())).toEqual(["±120 ms", "+300 ms", "-90000 ms", "-"]);
});

test("of many hosts with the same trouble the first is named, and how many there are", () => {
  const names = ["b", "c", "d", "e", "f"];
  const text = printed({ hosts: names.map((name) => host(name)), troubles: [{ hosts: names, why: "Ray does not run there", fix: "Start them: sage worker start" }, { hosts: ["g", "h"], why: "odd" }] });
  expect(text).toMatch(/\nb and 4 more: Ray does not run there\n {2}next: Start them: sage worker start\ng, h: odd\n$/);
});

test("a host that Ray still counts and nobody reaches is not counted as up, alone or among others", () => {
  const lost = host("b", { ray: "up", ssh: "failed" });
  expect(printed({ hosts: [lost] })).toContain("cluster default: degraded, 0 of 1 hosts up");
  expect(printed({ hosts: [host("a", { ray: "up" }), lost] })).toContain("cluster default: degraded, 1 of 2 hosts up");
});

test("what is in use is unknown until Ray has counted", () => {
  const counted = [host("a", { ray: "up", total: { CPU: 4 } })];
  expect(printed({ hosts: counted, rayVersion: "2.60.0" })).toContain("in use: ? of 4 CPUs");
  expect(printed({ hosts: counted, rayVersion: "2.60.0", used: { CPU: 1 } })).toContain("in use: 1 of 4 CPUs");
});
