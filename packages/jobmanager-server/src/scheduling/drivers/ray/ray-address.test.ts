import { expect, test } from "vitest";
import { isDashboard, rayAddress, rayTarget } from "./ray-address.ts";

test.each([
  ["auto", "ray://127.0.0.1:10001", "127.0.0.1:10001"],
  ["ray://head", "ray://head:10001", "head:10001"],
  ["head:10001", "ray://head:10001", "head:10001"],
  ["ray://[fd00::7]:10001", "ray://[fd00::7]:10001", "[fd00::7]:10001"],
  ["http://head:8265", "http://head:8265", "head:8265"],
  ["http://head:8265/", "http://head:8265", "head:8265"],
  ["https://ray.example.org", "https://ray.example.org", "ray.example.org:443"],
  ["https://ray.example.org/ray/", "https://ray.example.org/ray", "ray.example.org:443"],
  ["http://[fd00::7]:8265", "http://[fd00::7]:8265", "[fd00::7]:8265"],
])("%s means %s, at %s", (address, full, target) => {
  expect([rayAddress(address), rayTarget(address)]).toEqual([full, target]);
});

test("an address of http is the dashboard's; passwords, queries and nonsense are no address", () => {
  expect([isDashboard("http://h:8265"), isDashboard("HTTPS://h"), isDashboard("ray://h:10001"), isDashboard("auto")]).toEqual([true, true, false, false]);
  for (const address of ["http://user:pw@h:8265", "http://h:8265?x=1", "http://", "http://h:99999", "ftp://h:1", "ray://h:0"]) expect(() => rayAddress(address)).toThrow(/is not the address of a Ray cluster/);
});
