import { expect, test } from "vitest";
import { rayLinkOf } from "./ray-link.ts";

test("Ray's page is reached by the tunnel's port, else by the daemon's address of it, if that is a web address", () => {
  expect(rayLinkOf("http://10.0.0.7:8265", "40123")).toBe("http://127.0.0.1:40123/");
  expect(rayLinkOf("http://127.0.0.1:8265", null)).toBe("http://127.0.0.1:8265");
  expect(rayLinkOf("http://10.0.0.7:8265", null)).toBe("http://10.0.0.7:8265");
  expect(rayLinkOf("", null)).toBeUndefined();
  expect(rayLinkOf("http://10.0.0.7:8265/x?y", null)).toBeUndefined();
  expect(rayLinkOf("javascript:alert(1)", null)).toBeUndefined();
});
