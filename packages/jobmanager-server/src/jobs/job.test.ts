import { newJobId, systemClock } from "@sage/core";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqliteStore } from "../store/sqlite-store.ts";
import { recordOf, submissionOf } from "../testing/records.ts";
import { makeTempDir } from "../testing/test-daemon.ts";
import { Job } from "./job.ts";

test("the history of a job keeps its last moves and counts those before, in the store too", async () => {
  await using dir = await makeTempDir();
  await using store = await openSqliteStore(join(dir.path, "state.db"));
  const job = new Job(await store.insert(recordOf(newJobId()), submissionOf("job")), store, systemClock, 3);
  for (const event of ["started", "lost", "started", "lost"] as const) await job.move(event, event);
  expect(job.record.history.map(({ phase }) => phase)).toEqual(["recovering", "running", "recovering"]);
  expect((await store.load())[0]).toMatchObject({ historyDropped: 2, history: job.record.history });
  const fewer = new Job((await store.load())[0]!, store, systemClock, 1); // of a daemon that keeps less
  await fewer.move("started", "started");
  expect([fewer.record.historyDropped, fewer.record.history.length]).toEqual([5, 1]);
});
