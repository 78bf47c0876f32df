// Jobs in one SQLite file: write-ahead log, fsync with every commit, writes grouped (group-commit.ts).

import { messageOf } from "@sage/core";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { JobExistsError, StateNotWrittenError, StateVersionError } from "../errors.ts";
import { openDb, type Db } from "./db.ts";
import { GroupCommit } from "./group-commit.ts";
import type { JobRecord, JobStore, Submission } from "./job-store.ts";

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
 * @throws {@link StateVersionError} if a newer Sage has written it; {@link StateNotWrittenError} if it cannot be opened.
 */
export async function openSqliteStore(path: string): Promise<JobStore> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const db = prepare(path);
  const commits = new GroupCommit(db);
  return {
    load: async () => db.all("SELECT number, record FROM jobs ORDER BY number").map(toRecord),
    insert: (record, submission) =>
      commits.write(() => {
        if (db.get("SELECT 1 FROM jobs WHERE job_id = ?", [record.jobId])) throw new JobExistsError(record.jobId);
        const values = [record.jobId, JSON.stringify(record), JSON.stringify(submission)];
        const row = db.get("INSERT INTO jobs (job_id, record, submission) VALUES (?, ?, ?) RETURNING number", values);
        return { ...record, number: Number(row?.["number"]) };
      }),
    save: (record) =>
      commits.write(() => { db.run("UPDATE jobs SET record = ? WHERE job_id = ?", [JSON.stringify(record), record.jobId]); }),
    submission: async (jobId) => {
      const row = db.get("SELECT submission FROM jobs WHERE job_id = ?", [jobId]);
      return row && (JSON.parse(String(row["submission"])) as Submission);
    },
    [Symbol.asyncDispose]: async () => {
      commits.flush();
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
    return db;
  } catch (error) {
    if (error instanceof StateVersionError) throw error;
    throw new StateNotWrittenError(error, `${path}: ${messageOf(error)}`);
  }
}

/** The number is the table's: a record is written before it has one. */
function toRecord(row: Readonly<Record<string, unknown>>): JobRecord {
  return { ...(JSON.parse(String(row["record"])) as JobRecord), number: Number(row["number"]) };
}
