// Event time over real worker processes: windows, late records, joins, timers, rules and alignment give what one process gives.

import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { deferred } from "@sage/core";
import aligned, { steps } from "../fixtures/aligned.ts";
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
  const kinds = ["tumbling", "sliding", "session", "every third of", "count of", "window", "interval", "mark", "rule", "in time", "late"];
  expect(kinds.filter((kind) => expected.filter((row) => row.startsWith(kind)).length < 5)).toEqual([]);
  expect(expected.filter((row) => row.startsWith("tumbling k0 -3000 to -2000"))).toHaveLength(1);
});

test.each([1, 2, 5])("%i worker processes give the results of one process", async (parallelism) => {
  expect(await found({ parallelism, workers: "processes" })).toEqual(expected);
});

test("a source that is ahead of one in another worker rests until that one goes on, while one beside it that is alone does not", async () => {
  const gate = join(tmpdir(), "gate");
  const env = new LocalEnvironment("aligned", { entry: new URL("../fixtures/aligned.ts", import.meta.url), parallelism: 2, workers: "processes", params: { gate } });
  aligned.build(env, env.params);
  const done = env.submit();
  const seen = { aligned: 0, alone: 0 };
  const hasRestedAsLongAs = deferred();
  const read = (async () => {
    for await (const from of env.collects()[0] as unknown as AsyncIterable<keyof typeof seen>) {
      if (++seen[from] === steps && from === "alone") hasRestedAsLongAs.resolve();
    }
  })();
  await Promise.race([hasRestedAsLongAs.promise, done]);
  expect(seen.alone).toBe(steps);
  expect(seen.aligned).toBeLessThan(steps);
  await writeFile(gate, "");
  await Promise.all([done, read]);
  expect(seen).toEqual({ aligned: steps + 1, alone: steps });
  await env.close();
});
