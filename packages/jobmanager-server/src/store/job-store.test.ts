// What every JobStore must do.

import { isSageError, newJobId, type JobId } from "@sage/core";
import { readFile, rm, writeFile } from "node:fs/promises";
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

const seed = Number(process.env["SAGE_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

test(`of a thousand changes of its file none is taken for what was written (seed ${seed})`, async () => {
  await using dir = await makeTempDir();
  const path = join(dir.path, "state.db");
  const ids = Array.from({ length: 12 }, () => newJobId());
  {
    await using store = await openSqliteStore(path);
    for (const id of ids) await store.save({ ...(await store.insert(recordOf(id), submissionOf("job"))), phase: "running" });
  }
  const readAll = async () => {
    await using store = await openSqliteStore(path);
    return { jobs: await store.load(), submissions: await Promise.all(ids.map((id) => store.submission(id))) };
  };
  const written = await readAll();
  const good = await readFile(path);
  let state = seed;
  const below = (count: number) => ((state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff) >>> 8) % count;
  let refused = 0;
  for (let change = 0; change < 1_000; change++) {
    const bytes = Buffer.from(below(20) === 0 ? good.subarray(0, below(good.length)) : good);
    if (bytes.length === good.length) for (let flips = below(3); flips >= 0; flips--) bytes[below(bytes.length)]! ^= 1 << below(8);
    for (const more of ["-wal", "-shm"]) await rm(`${path}${more}`, { force: true });
    await writeFile(path, bytes);
    try {
      const found = await readAll();
      expect(found, `change ${change}: ${bytes.length} of ${good.length} bytes; ${[...bytes.keys()].filter((at) => bytes[at] !== good[at]).join()}`).toEqual(written); // it was in a place that nobody uses
    } catch (error) {
      if (!isSageError(error)) throw error;
      expect(error.message).toContain(path);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(300);
}, 120_000);

test("records of an earlier Sage, without checksums, are read", async () => {
  await using dir = await makeTempDir();
  const path = join(dir.path, "state.db");
  const id = newJobId();
  {
    await using store = await openSqliteStore(path);
    await store.insert(recordOf(id), submissionOf("job"));
  }
  {
    using db = openDb(path);
    for (const column of ["record", "submission"]) db.exec(`UPDATE jobs SET ${column} = substr(${column}, 10)`);
  }
  await using store = await openSqliteStore(path);
  expect((await store.load()).map(({ jobId, number }) => [jobId, number])).toEqual([[id, 1]]);
  expect(await store.submission(id)).toEqual(submissionOf("job"));
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
