import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { deferred } from "./deferred.ts";
import { TaskGroup } from "./tasks.ts";

test("a failed task is heard", async () => {
  const heard = deferred<unknown>();
  await using tasks = new TaskGroup(heard.resolve);
  tasks.start(() => Promise.reject(new Error("broken")));
  expect(await heard.promise).toEqual(new Error("broken"));
});

test("closing ends the tasks, waits for them, and takes no error from what it cut short", async () => {
  const errors: unknown[] = [];
  const tasks = new TaskGroup((error) => errors.push(error));
  let ended = false;
  tasks.start(async (signal) => {
    try {
      await systemClock.sleep(1 << 30, signal);
    } finally {
      ended = true;
    }
  });
  await tasks[Symbol.asyncDispose]();
  expect(ended).toBe(true);
  expect(errors).toEqual([]);
});
