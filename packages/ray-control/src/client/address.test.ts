import { expect, test } from "vitest";
import { RayAddressError } from "../errors.ts";
import { parseRayAddress } from "./address.ts";

test.each([
  ["ray://host:10001", "host:10001"], ["ray://host", "host:10001"], ["10.0.0.1:7", "10.0.0.1:7"], ["ray://[::1]:10002/", "[::1]:10002"], ["ray://base-sage.example.org:1", "base-sage.example.org:1"],
])("%s is %s", (address, expected) => {
  expect(parseRayAddress(address)).toBe(expected);
});

test.each([[""], ["http://host:1"], ["ray://"], ["ray://host:0"], ["ray://host:99999"], ["ray://user@host:1"], ["ray://host:1/path"], ["ho st:1"], ["ray://-x:1"]])("%j is no address", (address) => {
  expect(() => parseRayAddress(address)).toThrow(RayAddressError);
});
