import { expect, test } from "vitest";
import { rehearse } from "./rehearse.ts";

test("a rehearsal goes all of its ways, and leaves nothing open", async () => {
  const failures: unknown[] = [];
  const open = () => process.getActiveResourcesInfo().filter((kind) => kind.startsWith("TCP")).length;
  const before = open();
  await rehearse((error) => failures.push(error));
  expect(failures).toEqual([]);
  await expect.poll(open).toBe(before);
});
