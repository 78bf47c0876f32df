import { expect, test } from "vitest";
import { rayDashboardUrl } from "./ray-dashboard-url.ts";

const own = ["vm", "10.0.0.5"];

test.each([
  ["10.0.0.7:8265", "10.0.0.7:10001", "http://10.0.0.7:8265"],
  ["127.0.0.1:8265", "127.0.0.1:10001", "http://127.0.0.1:8265"],
  ["127.0.0.1:8265", "10.0.0.5:10001", "http://127.0.0.1:8265"],
  ["localhost:8265", "vm:10001", "http://localhost:8265"],
  ["0.0.0.0:8265", "10.0.0.7:10001", "http://10.0.0.7:8265"],
  ["[fd00::7]:8265", "[fd00::7]:10001", "http://[fd00::7]:8265"],
  ["http://10.0.0.7:8265/", "10.0.0.7:10001", "http://10.0.0.7:8265"],
])("a dashboard at %s, of the Ray at %s, is reached at %s", (told, cluster, url) => {
  expect(rayDashboardUrl(told, cluster, own)).toBe(url);
});

test("one that listens on loopback of another host is not looked for on this one, and it is said what to do", () => {
  expect(() => rayDashboardUrl("127.0.0.1:8265", "10.0.0.7:10001", own)).toThrow(/127\.0\.0\.1:8265 of its own host, 10\.0\.0\.7, alone.*--dashboard-host=0\.0\.0\.0.*--ray-dashboard/);
});

test("a Ray without a dashboard, and one that says no address, are told apart", () => {
  expect(() => rayDashboardUrl("", "10.0.0.7:10001", own)).toThrow("runs without its dashboard");
  expect(() => rayDashboardUrl("none", "10.0.0.7:10001", own)).toThrow("which is no address");
});
