import { expect, test } from "vitest";
import { isLoopback } from "./loopback.ts";

test("a name that only begins like a loopback address is another machine", () => {
  expect(["localhost", "127.0.0.1", "127.1.2.3", "::1"].filter((host) => !isLoopback(host))).toEqual([]);
  expect(["127.example.org", "127.0.0.1.example.org", "10.0.0.1", "0.0.0.0", "::", ""].filter(isLoopback)).toEqual([]);
});
