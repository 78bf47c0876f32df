// Jobs in one SQLite file: write-ahead log, fsync with every commit, writes grouped (group-commit.ts). SQLite itself has no
// checksums for its pages, so each row has its own: what a disk has changed is found, not shown. Commits are counted, and
// noted a second time (commit-journal.ts): those that SQLite has dropped are put back, or the store is not opened.
// Text is read as bytes: libsql ends the process over text that is no UTF-8.

import { messageOf } from "@sage/core";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { JobExistsError, StateFileDamagedError, StateNotWrittenError, StateVersionError } from "../errors.ts";
import { CommitJournal, FoundJournal, journalPathOf, sizeOf } from "./commit-journal.ts";
import { openDb, type Db } from "./db.ts";
import { GroupCommit } from "./group-commit.ts";
import type { JobRecord, JobStore, Submission } from "./job-store.ts";
import { sealed, unsealed } from "./sealed-text.ts";

const schemaVersion = 1;

const schema = `
  CREATE TABLE jobs (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id     TEXT NOT NULL UNIQUE,
    record     TEXT NOT NULL,
    submission TEXT NOT NULL
  );
  PRAGMA user_version = ${schemaVersion};
`;

/** In a table of its own, which an earlier Sage leaves alone. */
const counterSchema = `
  CREATE TABLE IF NOT EXISTS commits (id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL);
  INSERT OR IGNORE INTO commits VALUES (1, 0);
`;

export interface SqliteStoreOptions {
  /** Hears what a disk has taken of the store and what became of it. */
  readonly onDamage?: (what: string) => void;
}

/**
 * Opens the store, which is made if it is missing.
 *
 * @throws {@link StateVersionError} if a newer Sage has written it; {@link StateNotWrittenError} if it cannot be opened; {@link StateFileDamagedError}
 * if its pages do not fit together, or if commits are missing that cannot be put back. `load` and `submission` throw that too, where a row is not what was written.
 */
export async function openSqliteStore(path: string, { onDamage = () => {} }: SqliteStoreOptions = {}): Promise<JobStore> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const { db, count: found } = prepare(path, onDamage);
  const journal = new CommitJournal(path);
  let count = found;
  renew(db, journal, count);
  const commits = new GroupCommit(db, {
    before: () => db.run("UPDATE commits SET count = ?", [count + 1]),
    after(rows) {
      count++;
      if (!journal.isDue || !renew(db, journal, count)) journal.note(count, rows);
    },
  });
  const read = (text: unknown, what: string): unknown => {
    const whole = unsealed(String(text));
    if (whole === undefined) throw new StateFileDamagedError(path, what);
    return parsed(whole, path, what);
  };
  const toRecord = (row: Readonly<Record<string, unknown>>): JobRecord => {
    const [number, what] = [Number(row["number"]), `the record of job ${String(row["number"])}`];
    const record = read(row["record"], what) as JobRecord;
    if (record.jobId !== String(row["job_id"]) || (record.number ?? number) !== number) throw new StateFileDamagedError(path, what);
    return { ...record, number };
  };
  const update = (record: JobRecord) => {
    const text = sealed(JSON.stringify(record));
    db.run("UPDATE jobs SET record = ? WHERE job_id = ?", [text, record.jobId]);
    return { number: record.number, jobId: record.jobId, record: text };
  };
  return {
    load: async () => looked(path, () => db.all("SELECT number, CAST(job_id AS BLOB) AS job_id, CAST(record AS BLOB) AS record FROM jobs ORDER BY number")).map(toRecord),
    insert: (record, submission) =>
      commits.write(() => {
        if (db.get("SELECT 1 FROM jobs WHERE job_id = ?", [record.jobId])) throw new JobExistsError(record.jobId);
        const text = sealed(JSON.stringify(submission));
        const row = db.get("INSERT INTO jobs (job_id, record, submission) VALUES (?, '', ?) RETURNING number", [record.jobId, text]);
        const numbered = { ...record, number: Number(row?.["number"]) };
        return { result: numbered, row: { ...update(numbered), submission: text } };
      }),
    save: (record) => commits.write(() => ({ result: undefined, row: update(record) })),
    submission: async (jobId) => {
      const row = looked(path, () => db.get("SELECT CAST(submission AS BLOB) AS submission FROM jobs WHERE job_id = ?", [jobId]));
      return row && (read(row["submission"], `the submission of job ${jobId}`) as Submission);
    },
    [Symbol.asyncDispose]: async () => {
      commits.flush();
      renew(db, journal, count);
      journal[Symbol.dispose]();
      db[Symbol.dispose]();
    },
  };
}

/** The database as it was committed, and how many commits that took. */
function prepare(path: string, onDamage: (what: string) => void): { readonly db: Db; readonly count: number } {
  let opened: Db | undefined;
  try {
    const known = FoundJournal.read(path);
    if (known && sizeOf(path) === 0 && known.last > 0 && !known.rowsBehind(0)) throw new StateFileDamagedError(path, `it is empty, and had ${known.last} commits`); // SQLite would remove its log
    const db = (opened = openDb(path, { busyTimeoutMs: 200 }));
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 10000;");
    const version = Number(db.get("PRAGMA user_version")?.["user_version"] ?? 0);
    if (version > schemaVersion) throw new StateVersionError(path, version, schemaVersion);
    if (version === 0) db.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`);
    const found = String(db.get("PRAGMA integrity_check(1)")?.["integrity_check"] ?? "no answer");
    if (found !== "ok") throw new StateFileDamagedError(path, found);
    db.exec(`BEGIN IMMEDIATE; ${counterSchema} COMMIT;`);
    return { db, count: caughtUp(db, path, known, onDamage) };
  } catch (error) {
    opened?.[Symbol.dispose]();
    if (error instanceof StateVersionError || error instanceof StateFileDamagedError) throw error;
    throw new StateNotWrittenError(error, `${path}: ${messageOf(error)}`);
  }
}

/** Puts back what was committed and is not there. @returns how many commits there have been. @throws {@link StateFileDamagedError} */
function caughtUp(db: Db, path: string, known: FoundJournal | undefined, onDamage: (what: string) => void): number {
  const count = Number(db.get("SELECT count FROM commits")?.["count"] ?? 0);
  if (known === undefined && count > 0) onDamage(`${journalPathOf(path)} is not there, or damaged: whether ${path} has all of its ${count} commits is not known`);
  if (known === undefined || known.last <= count) return count;
  const missing = `the last ${known.last - count} of its ${known.last} commits are not in it: its log, ${path}-wal, was damaged, or it is an older copy`;
  const rows = known.rowsBehind(count);
  if (rows === undefined) throw new StateFileDamagedError(path, missing);
  db.exec("BEGIN IMMEDIATE");
  for (const { number, jobId, record, submission } of rows) {
    if (submission !== undefined) db.run("INSERT INTO jobs (number, job_id, record, submission) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", [number, jobId, record, submission]);
    if (!db.get("UPDATE jobs SET record = ? WHERE job_id = ? AND number = ? RETURNING number", [record, jobId, number])) throw new StateFileDamagedError(path, missing);
  }
  db.run("UPDATE commits SET count = ?", [known.last]);
  db.exec("COMMIT");
  onDamage(`${path}: ${missing}; they were put back from ${journalPathOf(path)}`);
  return known.last;
}

/** Takes the log into the file, all of whose rows have checksums, and begins the journal anew behind it. @returns whether it could */
function renew(db: Db, journal: CommitJournal, count: number): boolean {
  try {
    if (Number(db.get("PRAGMA wal_checkpoint(TRUNCATE)")?.["busy"] ?? 0) === 0) {
      journal.begin(count);
      return true;
    }
    journal.postpone();
  } catch {
    // the disk is full: the log stays, and is as good; the next commit tries again
  }
  return false;
}

/** Pages that do not fit together are found when they are read. */
function looked<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new StateFileDamagedError(path, messageOf(error));
  }
}

function parsed(text: string, path: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new StateFileDamagedError(path, what); // of an earlier Sage, without a checksum
  }
}
