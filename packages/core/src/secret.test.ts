import { inspect } from "node:util";
import { expect, test } from "vitest";
import { hideUrlPasswords, Secret } from "./secret.ts";

test("a secret shows itself only when asked", () => {
  const secret = new Secret("s3");
  const shown = [String(secret), `${secret as unknown as string}`, JSON.stringify({ secret }), inspect({ secret }), Object.values(secret).join()];
  expect(shown.join("|")).not.toContain("s3");
  expect(secret.reveal()).toBe("s3");
});

test("passwords in URLs are hidden, the rest of the text is not", () => {
  expect(hideUrlPasswords("http_proxy=http://me:pa%20ss@proxy:3128 no_proxy=a:1,b@c")).toBe("http_proxy=http://me:[hidden]@proxy:3128 no_proxy=a:1,b@c");
  expect(hideUrlPasswords("see http://proxy:3128/a@b")).toBe("see http://proxy:3128/a@b");
});
