// All writes of one turn of the event loop become one transaction: one fsync for all of them, and each is answered
// only after it.
//
// Invariants:
//   G1. A write is answered after COMMIT has returned, never before.
//   G2. A write that throws is undone alone; the others of its turn are kept.

import { messageOf } from "@sage/core";
import { StateNotWrittenError } from "../errors.ts";
import type { Db } from "./db.ts";

interface Pending {
  run(): void;
  commit(): void;
  fail(error: unknown): void;
}

export class GroupCommit {
  readonly #db: Db;
  #pending: Pending[] = [];

  constructor(db: Db) {
    this.#db = db;
  }

  /** Runs `work` in the next transaction. @throws {@link StateNotWrittenError} if that cannot be committed. */
  write<T>(work: (db: Db) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      if (this.#pending.length === 0) setImmediate(() => this.flush());
      this.#pending.push({ run: () => { result = work(this.#db); }, commit: () => resolve(result), fail: reject });
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
      this.#db.exec("COMMIT");
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
