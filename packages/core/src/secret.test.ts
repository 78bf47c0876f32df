import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret } from "./secret.ts";

test("a secret shows itself only when asked", () => {
  const secret = new Secret("s3");
  const shown = [String(secret), `${secret as unknown as string}`, JSON.stringify({ secret }), inspect({ secret }), Object.values(secret).join()];
  expect(shown.join("|")).not.toContain("s3");
  expect(secret.reveal()).toBe("s3");
});
