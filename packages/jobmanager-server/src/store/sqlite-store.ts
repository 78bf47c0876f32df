// Jobs in one SQLite file: write-ahead log, fsync with every commit, writes grouped (group-commit.ts). SQLite itself has no
// checksums for its pages, so each row has its own: what a disk has changed is found, not shown.
// Text is read as bytes: libsql ends the process over text that is no UTF-8.

import { messageOf } from "@sage/core";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { JobExistsError, StateFileDamagedError, StateNotWrittenError, StateVersionError } from "../errors.ts";
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

/**
 * Opens the store, which is made if it is missing.
 *
 * @throws {@link StateVersionError} if a newer Sage has written it; {@link StateNotWrittenError} if it cannot be opened; {@link StateFileDamagedError}
 * if its pages do not fit together. `load` and `submission` throw that too, where a row is not what was written.
 */
export async function openSqliteStore(path: string): Promise<JobStore> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const db = prepare(path);
  const commits = new GroupCommit(db);
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
  const update = (record: JobRecord) => db.run("UPDATE jobs SET record = ? WHERE job_id = ?", [sealed(JSON.stringify(record)), record.jobId]);
  return {
    load: async () => looked(path, () => db.all("SELECT number, CAST(job_id AS BLOB) AS job_id, CAST(record AS BLOB) AS record FROM jobs ORDER BY number")).map(toRecord),
    insert: (record, submission) =>
      commits.write(() => {
        if (db.get("SELECT 1 FROM jobs WHERE job_id = ?", [record.jobId])) throw new JobExistsError(record.jobId);
        const row = db.get("INSERT INTO jobs (job_id, record, submission) VALUES (?, '', ?) RETURNING number", [record.jobId, sealed(JSON.stringify(submission))]);
        const numbered = { ...record, number: Number(row?.["number"]) };
        update(numbered);
        return numbered;
      }),
    save: (record) => commits.write(() => update(record)),
    submission: async (jobId) => {
      const row = looked(path, () => db.get("SELECT CAST(submission AS BLOB) AS submission FROM jobs WHERE job_id = ?", [jobId]));
      return row && (read(row["submission"], `the submission of job ${jobId}`) as Submission);
    },
    [Symbol.asyncDispose]: async () => {
      commits.flush();
      tidy(db);
      db[Symbol.dispose]();
    },
  };
}

function prepare(path: string): Db {
  try {
    const db = openDb(path, { busyTimeoutMs: 200 });
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    const version = Number(db.get("PRAGMA user_version")?.["user_version"] ?? 0);
    if (version > schemaVersion) throw new StateVersionError(path, version, schemaVersion);
    if (version === 0) db.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`);
    const found = String(db.get("PRAGMA integrity_check(1)")?.["integrity_check"] ?? "no answer");
    if (found !== "ok") throw new StateFileDamagedError(path, found);
    return db;
  } catch (error) {
    if (error instanceof StateVersionError || error instanceof StateFileDamagedError) throw error;
    throw new StateNotWrittenError(error, `${path}: ${messageOf(error)}`);
  }
}

/** A store that was closed is one file, all of whose rows have checksums; the log is taken in when it is opened otherwise. */
function tidy(db: Db): void {
  try {
    db.all("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // the disk is full: the log stays, and is as good
  }
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
