import { expect, test } from "vitest";
import { troublesOf } from "./troubles.ts";

const down = (host: string, role: "head" | "worker") => ({ host, role, ray: "down" as const, why: "Ray does not run there", fix: `Start it: sage ${role} start${role === "head" ? "" : ` --host ${host}`}` });
const up = { host: "fine", role: "worker" as const, ray: "up" as const };

test("hosts that are down for the same cause are one trouble, with one command for all of them", () => {
  expect(troublesOf([up, down("b", "worker"), down("c", "worker")])).toEqual([{ hosts: ["b", "c"], why: "Ray does not run there", fix: "Start them: sage worker start" }]);
  expect(troublesOf([down("a", "head"), down("b", "worker")])).toMatchObject([{ hosts: ["a", "b"], fix: "Start them: sage cluster start" }]);
});

test("a host that is down alone keeps the command for itself, and who is well has no trouble", () => {
  expect(troublesOf([up, down("b", "worker")])).toEqual([{ hosts: ["b"], why: "Ray does not run there", fix: "Start it: sage worker start --host b" }]);
  expect(troublesOf([up])).toEqual([]);
});

test("causes that read otherwise stay apart, and a fix that differs is not given for all", () => {
  const lost = (host: string) => ({ host, role: "worker" as const, ray: "unknown" as const, why: "no answer", fix: `Look at ${host}` });
  expect(troublesOf([lost("b"), down("c", "worker"), lost("d")])).toEqual([
    { hosts: ["b", "d"], why: "no answer" }, { hosts: ["c"], why: "Ray does not run there", fix: "Start it: sage worker start --host c" },
  ]);
});
