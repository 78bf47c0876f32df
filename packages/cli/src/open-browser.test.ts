import { expect, test } from "vitest";
import { browserCommand } from "./open-browser.ts";

const url = "http://127.0.0.1:19002/open?ticket=a";

test("a browser is opened only where somebody sits in front of it", () => {
  expect(browserCommand(url, { DISPLAY: ":0" }, "linux")).toEqual(["xdg-open", url]);
  expect(browserCommand(url, { WAYLAND_DISPLAY: "wayland-0" }, "linux")).toEqual(["xdg-open", url]);
  expect(browserCommand(url, {}, "linux")).toBeUndefined();
  expect(browserCommand(url, {}, "darwin")).toEqual(["open", url]);
  expect(browserCommand(url, { DISPLAY: ":10", SSH_CONNECTION: "1.2.3.4 5 6.7.8.9 22" }, "linux")).toBeUndefined();
});
