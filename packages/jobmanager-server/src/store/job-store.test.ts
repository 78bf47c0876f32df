// What every JobStore must do.

import { newJobId, type JobId } from "@sage/core";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recordOf, submissionOf } from "../testing/records.ts";
import { makeTempDir } from "../testing/test-daemon.ts";
import { openDb } from "./db.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const stores = [{ name: "sqlite", open: (dir: string) => openSqliteStore(join(dir, "deep", "state.db")) }];

describe.each(stores)("the $name store", ({ open }) => {
  test("gives numbers from 1 in order, and everything back after reopening", async () => {
    await using dir = await makeTempDir();
    const ids = Array.from({ length: 20 }, newJobId);
    {
      await using store = await open(dir.path);
      const jobs = await Promise.all(ids.map((id) => store.insert(recordOf(id), submissionOf(id))));
      expect(jobs.map((job) => job.number)).toEqual(ids.map((_, index) => index + 1));
      await store.save({ ...jobs[3]!, phase: "running", startedAtMs: 5 });
    }
    await using store = await open(dir.path);
    const loaded = await store.load();
    expect(loaded.map((job) => job.jobId)).toEqual(ids);
    expect(loaded[0]).toEqual({ ...recordOf(ids[0]!), number: 1 });
    expect(loaded[3]).toMatchObject({ number: 4, phase: "running", startedAtMs: 5 });
    expect(await store.submission(ids[7]!)).toEqual(submissionOf(ids[7]!));
    expect(await store.submission(newJobId())).toBeUndefined();
    expect((await store.insert(recordOf(newJobId()), submissionOf("next"))).number).toBe(21);
  });

  test("refuses a second job of one id, and keeps what else came in the same turn", async () => {
    await using dir = await makeTempDir();
    await using store = await open(dir.path);
    const [one, two] = [newJobId(), newJobId()];
    const outcomes = await Promise.allSettled([one, one, two].map((id) => store.insert(recordOf(id), submissionOf(id))));
    expect(outcomes.map((each) => each.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((outcomes[1] as PromiseRejectedResult).reason).toMatchObject({ code: "SAGE_JOB_EXISTS" });
    expect((await store.load()).map((job) => job.jobId)).toEqual([one, two]);
  });

  test("keeps writes of one job in the order they were made", async () => {
    await using dir = await makeTempDir();
    await using store = await open(dir.path);
    const job = await store.insert(recordOf(newJobId()), submissionOf("x"));
    await Promise.all([1, 2, 3].map((attempt) => store.save({ ...job, attempt })));
    expect((await store.load())[0]!.attempt).toBe(3);
  });
});

test("state that a newer Sage has written is refused, as is a file that is none", async () => {
  await using dir = await makeTempDir();
  const path = join(dir.path, "state.db");
  {
    using db = openDb(path);
    db.exec("PRAGMA user_version = 99");
  }
  await expect(openSqliteStore(path)).rejects.toMatchObject({ code: "SAGE_STATE_VERSION" });
  await writeFile(join(dir.path, "noise"), Buffer.alloc(8_192, 7));
  await expect(openSqliteStore(join(dir.path, "noise"))).rejects.toMatchObject({ code: "SAGE_STATE_NOT_WRITTEN" });
});

test("a write that the disk refuses is refused to its caller, and the next one is tried again", async () => {
  await using dir = await makeTempDir();
  const path = join(dir.path, "state.db");
  await using store = await openSqliteStore(path);
  const other = openDb(path);
  other.exec("BEGIN IMMEDIATE"); // another writer stands for whatever makes a commit fail
  await expect(store.insert(recordOf(newJobId()), submissionOf("x"))).rejects.toMatchObject({ code: "SAGE_STATE_NOT_WRITTEN", retryable: true });
  other.exec("ROLLBACK");
  other[Symbol.dispose]();
  expect((await store.insert(recordOf("id" as JobId), submissionOf("x"))).number).toBe(1);
});

test("the guard translates what libsql would die of", async () => {
  await using dir = await makeTempDir();
  using db = openDb(join(dir.path, "x.db"));
  db.exec("CREATE TABLE t (v)");
  for (const value of [true, false, new Date(5), null, undefined, 1.5, 10n, "s", new Uint8Array([1, 2])]) db.run("INSERT INTO t VALUES (?)", [value]);
  expect(db.all("SELECT v FROM t").map((row) => row["v"])).toEqual([1, 0, 5, null, null, 1.5, 10, "s", Buffer.from([1, 2])]);
  expect(db.get("SELECT v FROM t WHERE v = ?", ["s"])).toEqual({ v: "s" });
  expect(() => db.run("INSERT INTO t VALUES (?)", [{} as never])).toThrow(TypeError);
});
