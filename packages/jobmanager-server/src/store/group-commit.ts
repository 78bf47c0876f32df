// All writes of one turn of the event loop become one transaction: one fsync for all of them, and each is answered
// only after it.
//
// Invariants:
//   G1. A write is answered after COMMIT has returned, never before.
//   G2. A write that throws is undone alone; the others of its turn are kept.

import { messageOf } from "@sage/core";
import { StateNotWrittenError } from "../errors.ts";
import type { CommittedRow } from "./commit-journal.ts";
import type { Db } from "./db.ts";

/** What a write gives its caller, and the row as it is now. */
export interface Written<T> {
  readonly result: T;
  readonly row: CommittedRow;
}

/** Whoever looks on; what it throws in `before` undoes the transaction. */
export interface CommitWatcher {
  /** The last work of a transaction. */
  before(): void;
  /** Behind its COMMIT; throws nothing. */
  after(rows: readonly CommittedRow[]): void;
}

interface Pending {
  run(): void;
  row?: CommittedRow;
  commit(): void;
  fail(error: unknown): void;
}

export class GroupCommit {
  readonly #db: Db;
  readonly #watcher: CommitWatcher;
  #pending: Pending[] = [];

  constructor(db: Db, watcher: CommitWatcher) {
    this.#db = db;
    this.#watcher = watcher;
  }

  /** Runs `work` in the next transaction. @throws {@link StateNotWrittenError} if that cannot be committed. */
  write<T>(work: () => Written<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      if (this.#pending.length === 0) setImmediate(() => this.flush());
      const pending: Pending = { run: () => { ({ result, row: pending.row } = work()); }, commit: () => resolve(result), fail: reject };
      this.#pending.push(pending);
    });
  }

  /** Commits what is waiting, now. */
  flush(): void {
    const group = this.#pending;
    this.#pending = [];
    if (group.length === 0) return;
    try {
      this.#db.exec("BEGIN IMMEDIATE");
      const kept = group.filter((write) => this.#tryOne(write));
      if (kept.length > 0) this.#watcher.before();
      this.#db.exec("COMMIT");
      if (kept.length > 0) this.#watcher.after(kept.map(({ row }) => row!));
      for (const write of kept) write.commit();
    } catch (error) {
      this.#rollBack();
      for (const write of group) write.fail(new StateNotWrittenError(error, messageOf(error)));
    }
  }

  #tryOne(write: Pending): boolean {
    this.#db.exec("SAVEPOINT one");
    try {
      write.run();
      this.#db.exec("RELEASE one");
      return true;
    } catch (error) {
      this.#db.exec("ROLLBACK TO one");
      this.#db.exec("RELEASE one");
      write.fail(error);
      return false;
    }
  }

  #rollBack(): void {
    try {
      if (this.#db.inTransaction) this.#db.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself, as it does after an I/O error
    }
  }
}
