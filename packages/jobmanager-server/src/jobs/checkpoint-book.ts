// What a job knows of its checkpoints, kept in its record: the list, the newest whole one, and which may go.
//
// Invariants:
//   B1. A checkpoint counts from the moment that the record says so; folders that no record names are removed.
//   B2. A damaged checkpoint is marked as such before an older one is used.
//   B3. No id is given out twice, whatever dies: it is in the record before a worker hears of it. What a worker has
//       prepared for a checkpoint that its daemon did not live to record would be overwritten by another of that id.

import { isSageError, messageOf, type Logger } from "@sage/core";
import type { CheckpointView } from "@sage/protocol";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import type { TakenCheckpoint } from "../checkpoint/coordinator.ts";
import type { Manifest } from "../checkpoint/manifest.ts";
import { outdated } from "../checkpoint/retention.ts";
import { unreadPrefix } from "../checkpoint/unread-states.ts";
import { CheckpointDamagedError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import type { JobRecord } from "../store/job-store.ts";
import type { Job } from "./job.ts";

/** So many failed and deleted ones stay in the list. */
const keptHistory = 40;

export class CheckpointBook {
  readonly #job: Job;
  readonly #store: CheckpointStore;
  readonly #keep: number;
  readonly #logger: Logger;
  #lastId: number;
  /** B3: ids up to this one are in the record. */
  #reservedId: number;

  constructor(job: Job, store: CheckpointStore, keep: number, logger: Logger) {
    this.#job = job;
    this.#store = store;
    this.#keep = keep;
    this.#logger = logger;
    this.#lastId = this.#all.reduce((last, { id }) => Math.max(last, id), job.record.checkpointIdsUpTo ?? 0);
    this.#reservedId = this.#lastId;
  }

  get #all(): readonly CheckpointView[] {
    return this.#job.record.checkpoints ?? [];
  }

  /** An id above all that workers may have heard of. @throws what the store throws if it cannot be noted. */
  async nextId(): Promise<number> {
    const id = this.#lastId + 1;
    if (id > this.#reservedId) await this.#job.note(() => ({ checkpointIdsUpTo: id }));
    this.#lastId = id;
    this.#reservedId = Math.max(this.#reservedId, id);
    return id;
  }

  /** Workers have heard of no id above it. */
  lastId(): number {
    return this.#lastId;
  }

  /** Of the newest complete checkpoint; 0: none. */
  newestId(): number {
    return this.#all.findLast(({ state }) => state === "complete")?.id ?? 0;
  }

  async onComplete(taken: TakenCheckpoint): Promise<void> {
    await this.#add({ ...taken, state: "complete" }, { checkpointIdsUpTo: taken.id + 1 }); // the next one's, in the same write
    this.#reservedId = taken.id + 1;
  }

  async onFailed(failed: Omit<TakenCheckpoint, "path" | "bytes" | "newBytes" | "alignmentMs" | "overtakenBytes" | "slowest">, why: string): Promise<void> {
    await this.#add({ ...failed, reason: why, path: "", bytes: 0, newBytes: 0, alignmentMs: 0, overtakenBytes: 0, slowest: null, state: "failed" }).catch(() => {}); // the log has it
  }

  #add(view: CheckpointView, more: Pick<JobRecord, "checkpointIdsUpTo"> = {}): Promise<void> {
    return this.#job.note(({ checkpoints = [] }) => ({ checkpoints: shortened([...checkpoints, view]), ...more }));
  }

  /** Removes what is no longer needed. */
  async forgetOld(): Promise<void> {
    const old = outdated(this.#all, this.#keep);
    if (old.length === 0) return;
    const gone = this.#all.filter(({ id, kind }) => kind === "checkpoint" && old.includes(id));
    try {
      await this.#setState(new Set(old), "deleted");
      await failpoint("checkpoint.forgotten");
      for (const { path } of gone) await this.#store.delete(path);
    } catch (error) {
      this.#logger.warn("old checkpoints could not be removed", { jobId: this.#job.record.jobId, error });
    }
  }

  async #setState(ids: ReadonlySet<number>, state: string, reason?: string): Promise<void> {
    await this.#job.note(({ checkpoints = [] }) => ({
      checkpoints: checkpoints.map((each) => (ids.has(each.id) ? { ...each, state, ...(reason === undefined ? {} : { reason }) } : each)),
    }));
  }

  /** B2. */
  async markDamaged(id: number, why: string): Promise<void> {
    this.#logger.error("a checkpoint is damaged", { jobId: this.#job.record.jobId, checkpointId: id, why });
    await this.#setState(new Set([id]), "damaged", why);
    const warning = `checkpoint ${id} is damaged, and an older one was used: what had been written between the two was written again (${why})`;
    await this.#job.note(({ warnings }) => ({ warnings: [...warnings, warning].slice(-20) }));
  }

  /** Keeps these warnings in the place of those that were found before. @param onNew - hears what was not said yet. */
  async noteUnread(found: readonly string[], onNew: (warning: string) => void): Promise<void> {
    const known = this.#job.record.warnings.filter((each) => each.startsWith(unreadPrefix));
    if (known.length === found.length && known.every((each, i) => each === found[i])) return;
    for (const each of found) if (!known.includes(each)) onNew(each);
    await this.#job.note(({ warnings }) => ({ warnings: [...warnings.filter((each) => !known.includes(each)), ...found].slice(-20) })).catch(() => {}); // the log has it
  }

  /**
   * The newest complete checkpoint whose files are all there; undefined if the job has had none.
   *
   * @throws CheckpointDamagedError if it had some, but none is whole.
   */
  async newestWhole(): Promise<{ readonly manifest: Manifest; readonly path: string } | undefined> {
    const { beganFrom } = this.#job.record;
    let damaged: unknown;
    for (;;) {
      const newest = this.#all.findLast(({ state }) => state === "complete");
      if (!newest) break;
      const opened = await this.#tryOpen(newest.path, (error) => { damaged ??= error; return this.markDamaged(newest.id, messageOf(error)); });
      if (opened) return { manifest: opened, path: newest.path };
    }
    if (beganFrom) return { manifest: await this.#store.open(beganFrom), path: beganFrom };
    if (damaged === undefined) damaged = this.#all.find(({ state }) => state === "damaged") && new CheckpointDamagedError(this.#job.record.jobId, "no checkpoint of the job is whole");
    if (damaged !== undefined) throw damaged;
    return undefined;
  }

  async #tryOpen(path: string, onDamage: (error: unknown) => Promise<void>): Promise<Manifest | undefined> {
    try {
      return await this.#store.open(path);
    } catch (error) {
      if (!isSageError(error) || error.code !== "SAGE_CHECKPOINT_DAMAGED") throw error;
      await onDamage(error);
      return undefined;
    }
  }
}

function shortened(checkpoints: readonly CheckpointView[]): readonly CheckpointView[] {
  const others = checkpoints.filter(({ state }) => state !== "complete").length;
  let left = Math.max(0, others - keptHistory);
  return checkpoints.filter(({ state }) => state === "complete" || left-- <= 0);
}
