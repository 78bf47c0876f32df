import { expect, test } from "vitest";
import { Cleanup } from "./cleanup.ts";

test("steps run in reverse order, every one even if another fails", async () => {
  const ran: string[] = [];
  const cleanup = new Cleanup();
  cleanup.defer(() => ran.push("first"));
  cleanup.defer(() => {
    ran.push("second");
    throw new Error("second failed");
  });
  cleanup.use({ [Symbol.asyncDispose]: async () => void ran.push("third") });
  await expect(cleanup[Symbol.asyncDispose]()).rejects.toThrow("second failed");
  expect(ran).toEqual(["third", "second", "first"]);
});

test("several failures are reported together; closing twice is harmless", async () => {
  const cleanup = new Cleanup();
  for (const name of ["a", "b"]) cleanup.defer(() => Promise.reject(new Error(name)));
  await expect(cleanup[Symbol.asyncDispose]()).rejects.toBeInstanceOf(AggregateError);
  await cleanup[Symbol.asyncDispose]();
});

test("moved steps belong to their new owner", async () => {
  const ran: string[] = [];
  const cleanup = new Cleanup();
  cleanup.defer(() => ran.push("step"));
  const owner = cleanup.move();
  await cleanup[Symbol.asyncDispose]();
  expect(ran).toEqual([]);
  await owner[Symbol.asyncDispose]();
  expect(ran).toEqual(["step"]);
});
