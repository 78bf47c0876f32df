// Event time over real worker processes: windows, joins, timers, rules and alignment give what one process gives.

import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import aligned from "../fixtures/aligned.ts";
import definition from "../fixtures/event-time.ts";
import { LocalEnvironment } from "./index.ts";
import { useOwnTempDir } from "./testing/own-temp-dir.ts";

useOwnTempDir();

const entry = new URL("../fixtures/event-time.ts", import.meta.url);
let expected: readonly string[];

async function found(options: { readonly parallelism?: number; readonly workers?: "processes" }): Promise<string[]> {
  const env = new LocalEnvironment("event-time", { ...options, entry, params: { sources: options.parallelism ?? 1 } });
  definition.build(env, env.params);
  const rows: string[] = [];
  const done = env.submit();
  for await (const row of env.collects()[0] as unknown as AsyncIterable<string>) rows.push(row);
  await done;
  await env.close();
  return rows.toSorted();
}

beforeAll(async () => {
  expected = await found({});
});

test("the results are of every kind, and some lie before the epoch", () => {
  const kinds = ["tumbling", "sliding", "session", "every third of", "count of", "window", "interval", "mark", "rule"];
  expect(kinds.filter((kind) => expected.filter((row) => row.startsWith(kind)).length < 5)).toEqual([]);
  expect(expected.filter((row) => row.startsWith("tumbling k0 -3000 to -2000"))).toHaveLength(1);
});

test.each([1, 2, 5])("%i worker processes give the results of one process", async (parallelism) => {
  expect(await found({ parallelism, workers: "processes" })).toEqual(expected);
});

test("a source that is ahead of one in another worker rests until that one goes on", async () => {
  const gate = join(tmpdir(), "gate");
  const env = new LocalEnvironment("aligned", { entry: new URL("../fixtures/aligned.ts", import.meta.url), parallelism: 2, workers: "processes", params: { gate } });
  aligned.build(env, env.params);
  const done = env.submit();
  let seen = 0;
  const read = (async () => { for await (const _ of env.collects()[0] as unknown as AsyncIterable<number>) seen++; })();
  for (let before = -1; before !== seen || seen < 2; await sleep(1_500)) before = seen;
  expect(seen).toBeLessThan(2_000);
  await writeFile(gate, "");
  await Promise.all([done, read]);
  expect(seen).toBe(2_001);
  await env.close();
});
