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
