import { expect, test } from "vitest";
import { CpuProfiles } from "./cpu-profiles.ts";

test("one profile of a process is taken at a time; another is refused, and says for how long; one that nobody waits for ends", async () => {
  const profiles = new CpuProfiles();
  const first = profiles.take({ id: 1, durationMs: 120_000 }, undefined);
  expect(await profiles.take({ id: 2, durationMs: 10 }, undefined)).toMatchObject({ id: 2, error: expect.stringMatching(/taken already, for (1[01]\d|120) s yet; ask again behind that/) });
  expect(await profiles.take({ id: 2, durationMs: 0 }, undefined)).toBeUndefined();
  expect(await profiles.take({ id: 3, durationMs: 10 }, undefined)).toHaveProperty("error"); // the first goes on
  await profiles.take({ id: 1, durationMs: 0 }, undefined);
  expect(await first).toBeUndefined();
  const next = await profiles.take({ id: 4, durationMs: 10 }, undefined);
  expect(next).toMatchObject({ id: 4, profile: {} });
  expect(next?.error).toBeUndefined();
});
