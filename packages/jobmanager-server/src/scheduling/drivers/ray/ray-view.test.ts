import { expect, test } from "vitest";
import { hostsOf, rayView, resourcesOf } from "./ray-view.ts";

const node = (hostname: string, isAlive: boolean) => ({ hostname, address: "10.0.0.1", isAlive });

test("a host is lost when none of its nodes lives", () => {
  expect(hostsOf([node("a", true), node("b", false), node("b", true), node("d", false), node("c", false)])).toEqual({ hosts: 2, lostHosts: ["c", "d"] });
});

test("what is used up counts as none free", () => {
  expect(resourcesOf({ CPU: 8, GPU: 1, "node:10.0.0.1": 1, object_store_memory: 5 }, { CPU: 2.5 })).toEqual([{ name: "CPU", total: 8, free: 2.5 }, { name: "GPU", total: 1, free: 0 }]);
});

test("a Ray that cannot be reached is told as that, with the reason", async () => {
  expect(await rayView("ray://head:10001", async () => { throw new Error("nobody listens"); })).toEqual({ address: "ray://head:10001", why: "nobody listens" });
});
