// What a disk may take of the store's log, or of the whole file, is put back, or the store is not opened.

import { newJobId } from "@sage/core";
import { mkdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { closeSync, existsSync, openSync, readdirSync, readlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { recordOf, submissionOf } from "../testing/records.ts";
import { makeTempDir } from "../testing/test-daemon.ts";
import { CommitJournal, FoundJournal, journalPathOf } from "./commit-journal.ts";
import { openDb } from "./db.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const jobs = 12;
const commits = 2 * jobs;

/** A store as a daemon leaves it that is killed: all commits are in the log. Each copy is a file of its own: closed ones live on in SQLite's memory. */
async function killedStore(dir: string) {
  const path = join(dir, "state.db");
  const ids = Array.from({ length: jobs }, () => newJobId());
  await using store = await openSqliteStore(path);
  for (const id of ids) await store.save({ ...(await store.insert(recordOf(id), submissionOf("job"))), phase: "running" });
  const files = await Promise.all(["", "-wal", ".commits"].map(async (more) => [more, await readFile(`${path}${more}`)] as const));
  let copies = 0;
  return { ids, async copy(): Promise<string> {
    const copied = join(dir, `copy ${++copies}`, "state.db");
    await mkdir(dirname(copied));
    for (const [more, bytes] of files) await writeFile(`${copied}${more}`, bytes);
    return copied;
  } };
}

async function readAll(path: string, ids: Awaited<ReturnType<typeof killedStore>>["ids"]) {
  const damages: string[] = [];
  await using store = await openSqliteStore(path, { onDamage: (what) => damages.push(what) });
  return { damages, jobs: await store.load(), submissions: await Promise.all(ids.map((id) => store.submission(id))) };
}

const seed = Number(process.env["SAGE_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

test(`whatever is changed in the store's log, no commit is lost, and what was put back is said (seed ${seed})`, async () => {
  await using dir = await makeTempDir();
  const { ids, copy } = await killedStore(dir.path);
  const written = await readAll(await copy(), ids);
  expect(written).toMatchObject({ damages: [], jobs: ids.map((jobId) => ({ jobId, phase: "running" })) });
  let state = seed;
  const below = (count: number) => ((state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff) >>> 8) % count;
  let repairs = 0;
  for (let change = 0; change < 150; change++) {
    const path = await copy();
    const wal = await readFile(`${path}-wal`);
    if (change % 10 === 0) await truncate(`${path}-wal`, below(wal.length));
    else {
      wal[below(wal.length)]! ^= 1 << below(8);
      await writeFile(`${path}-wal`, wal);
    }
    const { damages, ...found } = await readAll(path, ids);
    expect({ damages: [], ...found }, `change ${change}`).toEqual(written);
    if (damages.length > 0) repairs++;
    for (const damage of damages) expect(damage).toMatch(/the last \d+ of its 24 commits are not in it: .*state\.db-wal, was damaged.*put back from .*state\.db\.commits/);
  }
  expect(repairs).toBeGreaterThan(75);
}, 120_000);

test("a store that was emptied or taken away is put back where its journal has all of it", async () => {
  await using dir = await makeTempDir();
  const { ids, copy } = await killedStore(dir.path);
  for (const spoil of [(path: string) => truncate(path, 0), (path: string) => rm(path)]) {
    const path = await copy();
    await spoil(path);
    const { damages, jobs: found } = await readAll(path, ids);
    expect(found.map(({ jobId, number, phase }) => [jobId, number, phase])).toEqual(ids.map((id, i) => [id, i + 1, "running"]));
    expect(damages).toHaveLength(1);
    await using store = await openSqliteStore(path);
    expect((await store.insert(recordOf(newJobId()), submissionOf("next"))).number).toBe(jobs + 1);
  }
});

test("a store that lacks commits which nobody has is not opened, until somebody moves its journal away", async () => {
  await using dir = await makeTempDir();
  const { ids, copy } = await killedStore(dir.path);
  const path = await copy();
  const journal = journalPathOf(path);
  const lines = (await readFile(journal, "utf8")).split("\n");
  await writeFile(journal, lines.toSpliced(5, 1).join("\n"));
  await truncate(`${path}-wal`, 60_000);
  for (const again of [1, 2]) await expect(readAll(path, ids), `time ${again}`).rejects.toMatchObject({ code: "SAGE_STATE_FILE_DAMAGED", message: expect.stringMatching(new RegExp(`${path} is damaged: the last \\d+ of its ${commits} commits`)) as string });
  await rename(journal, `${journal}.away`);
  const { damages, jobs: found } = await readAll(path, ids);
  expect(found.length).toBeLessThan(jobs);
  expect(damages).toEqual([expect.stringContaining("whether")]);
});

test("an emptied store whose journal has only its end is refused, with its log untouched", async () => {
  await using dir = await makeTempDir();
  const { ids, copy } = await killedStore(dir.path);
  const path = await copy();
  await readAll(path, ids); // takes the log in, and begins the journal anew
  await truncate(path, 0);
  await writeFile(`${path}-wal`, "kept");
  await expect(readAll(path, ids)).rejects.toMatchObject({ code: "SAGE_STATE_FILE_DAMAGED", message: `${path} is damaged: it is empty, and had ${commits} commits` });
  expect(await readFile(`${path}-wal`, "utf8")).toBe("kept");
});

test("a store goes on beside a journal that was cut, is damaged or cannot be begun anew", async () => {
  await using dir = await makeTempDir();
  const { ids, copy } = await killedStore(dir.path);
  for (const size of [0, 5, 300, 3_000]) {
    const cut = await copy();
    await truncate(journalPathOf(cut), size);
    const { damages, jobs: found } = await readAll(cut, ids);
    expect(found).toHaveLength(jobs);
    expect(damages.length).toBe(size < 10 ? 1 : 0);
  }
  const path = await copy();
  const journal = journalPathOf(path);
  await using store = await openSqliteStore(path);
  const [job] = await store.load();
  const grow = async () => { for (let i = 0; i < 120; i++) await store.save({ ...job!, name: "x".repeat(40_000) }); };
  {
    using other = openDb(path);
    other.exec("BEGIN; SELECT count(*) FROM jobs"); // a reader, so that the log cannot be taken in
    await grow();
    other.exec("ROLLBACK");
  }
  expect((await readFile(journal)).length).toBeGreaterThan(4 * 2 ** 20);
  await grow();
  expect((await readFile(journal)).length, "begun anew").toBeLessThan(4 * 2 ** 20);
}, 60_000);

test("behind a note that a full disk has not taken there is none until the journal is begun anew", async () => {
  await using dir = await makeTempDir();
  const store = join(dir.path, "state.db");
  using journal = new CommitJournal(store);
  journal.begin(0);
  const row = { number: 1, jobId: "a", record: "{}" };
  journal.note(1, [row]);
  const file = readdirSync("/proc/self/fd").map(Number).find((fd) => pathOf(fd) === journalPathOf(store))!;
  closeSync(file);
  expect(openSync("/dev/full", "w")).toBe(file); // the lowest that is free
  journal.note(2, [row]);
  expect(journal.isDue).toBe(true);
  journal.note(3, [row]);
  expect(FoundJournal.read(store)?.last).toBe(1);
  journal.begin(3);
  journal.note(4, [row]);
  expect(FoundJournal.read(store)?.rowsBehind(3)).toEqual([row]);
});

const pathOf = (fd: number): string => (existsSync(`/proc/self/fd/${fd}`) ? readlinkSync(`/proc/self/fd/${fd}`) : "");
