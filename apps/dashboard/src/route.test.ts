import { expect, test } from "vitest";
import { parseRoute, toHash } from "./route.ts";

test.each([
  ["", { path: [], query: {} }],
  ["#/jobs", { path: ["jobs"], query: {} }],
  ["#/jobs/abc?tab=logs&operator=a%20b", { path: ["jobs", "abc"], query: { tab: "logs", operator: "a b" } }],
])("%j is understood and written back", (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
  expect(parseRoute(toHash(route))).toEqual(route);
});

test("nonsense in the address is a page that does not exist, not a crash", () => {
  expect(parseRoute("#/jobs/%E0%A4%A")).toEqual({ path: ["jobs", "%E0%A4%A"], query: {} });
});
