import { PipelineBuilder } from "@sage/graph";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { openInProcess } from "../in-process.ts";

/** The operators that were found to be waited for, the one most often found first. */
async function awaitedIn(build: (env: PipelineBuilder) => void): Promise<string[]> {
  const env = new PipelineBuilder("awaited");
  build(env);
  await using engine = await openInProcess(env.graph());
  const seen = new Map<string, number>();
  let isOver = false;
  const run = engine.run().finally(() => { isOver = true; });
  while (!isOver) {
    for (const name of engine.awaited()) seen.set(name, (seen.get(name) ?? 0) + 1);
    await sleep(1);
  }
  await run;
  return [...seen].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

const later = async (value: number) => { await sleep(10); return value; };
async function* ticks() { for (let i = 0; i < 10; i++) yield later(i); }

test("the operator whose promise a chain waits for is known, also where several are under way", async () => {
  const numbers = Array.from({ length: 10 }, (_, i) => i);
  expect((await awaitedIn((env) => env.fromIterable(numbers).map((value) => value).map(later).with({ name: "asks" }).map((value) => value).sink(() => {})))[0]).toBe("asks");
  expect((await awaitedIn((env) => env.fromIterable(numbers).map((value) => value).map(later).with({ name: "asks", concurrency: 2 }).map((value) => value).sink(() => {})))[0]).toBe("asks");
});

test("a source is, where it is called for a record; one that has nothing yet keeps nobody waiting", async () => {
  let n = 0;
  expect((await awaitedIn((env) => env.fromBatch(async () => (n < 10 ? later(n++) : null)).with({ name: "reads" }).map((value) => value).sink(() => {})))[0]).toBe("reads");
  const behind = await awaitedIn((env) => env.fromIterable(ticks(), { name: "ticks" }).map((value) => value).sink(() => {}));
  expect(behind.filter((name) => name !== "ticks")).toEqual([]); // it is, while it is opened
});
