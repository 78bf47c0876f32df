// A job as the daemon holds it: its record, which moves only when the move is on disk, and what is live of it.

import type { Clock, WorkerId } from "@sage/core";
import type { OperatorView, Plan, ServiceView } from "@sage/protocol";
import { failpoint } from "../failpoint.ts";
import type { JobLog } from "../logs/job-log.ts";
import type { WorkerHandle } from "../scheduling/worker-driver.ts";
import { Notifier } from "../notifier.ts";
import type { JobRecord, JobStore, Transition } from "../store/job-store.ts";
import type { Attempt } from "./attempt.ts";
import { isEnded, nextPhase, type JobEvent } from "./lifecycle.ts";
import type { LiveView } from "./live-view.ts";
import type { JobResults } from "./results.ts";

/** What only a job of this daemon's session has. */
export interface LiveJob {
  readonly plan: Plan;
  /** Of the attempt that runs. */
  view: LiveView;
  readonly log: JobLog;
  attempt?: Attempt;
  /** What an earlier daemon has left running. */
  adopted?: AdoptedAttempt;
  /** Called whenever workers of an attempt may attach. */
  onAttempt?: () => void;
  /** Why a stop was given up, so that the job goes on. */
  stopFailure?: Error;
}

export interface AdoptedAttempt {
  readonly secretHex: string;
  readonly workers: readonly { readonly id: WorkerId; readonly handle: WorkerHandle }[];
}

/** A job as it is shown. */
export interface JobSnapshot {
  readonly record: JobRecord;
  readonly operators: readonly OperatorView[];
  readonly services: readonly ServiceView[];
  readonly workers: number;
  /** What its workers need before they can start, in words. */
  readonly waitsFor: string;
  readonly revision: number;
}

export class Job {
  readonly changes = new Notifier();
  readonly #store: JobStore;
  readonly #clock: Clock;
  readonly #keepMoves: number;
  #record: JobRecord;
  #lastWrite: Promise<unknown> = Promise.resolve();
  live: LiveJob | undefined;
  /** Of a job of this session, also when it has ended, as long as they may be read. */
  results: JobResults | undefined;

  /** @param keepMoves - so many moves stay in its history. */
  constructor(record: JobRecord, store: JobStore, clock: Clock, keepMoves: number = defaultKeepMoves) {
    this.#keepMoves = keepMoves;
    this.#record = record;
    this.#store = store;
    this.#clock = clock;
  }

  get record(): JobRecord {
    return this.#record;
  }

  get isEnded(): boolean {
    return isEnded(this.#record.phase);
  }

  /** Whether it will never change again by itself. */
  get isOver(): boolean {
    return this.isEnded && this.#record.released;
  }

  /**
   * Moves the job if `event` is legal in its phase, and says whether it was. Known to others only when it is on disk.
   *
   * @param more - facts that become true with the move.
   */
  move(event: JobEvent, reason: string, more: Partial<JobRecord> = {}): Promise<boolean> {
    return this.#write((record) => {
      const phase = nextPhase(record.phase, event);
      if (!phase) return undefined;
      const atMs = this.#clock.now();
      return {
        ...(event === "continue" ? reopened(record) : record), ...more, phase, ...withMove(record, { phase, atMs, reason }, this.#keepMoves),
        ...(event === "started" && record.startedAtMs === 0 ? { startedAtMs: atMs } : {}),
        ...(isEnded(phase) && record.endedAtMs === 0 ? { endedAtMs: atMs } : {}),
        ...(isEnded(phase) || event === "lost" ? { running: undefined } : {}), // its secret is of no more use
      };
    });
  }

  /** Keeps facts that are no move. */
  async note(change: (record: JobRecord) => Partial<JobRecord>): Promise<void> {
    await this.#write((record) => ({ ...record, ...change(record) }));
  }

  /** Notes that nothing of the job is left but its record. */
  async markReleased(): Promise<void> {
    const { live } = this;
    const outcome = live && { operators: live.view.operators(), services: live.view.services() };
    await this.#write((record) => ({ ...record, released: true, ...(outcome ? { outcome } : {}) }));
  }

  /** One write after another, so that none undoes an earlier one. */
  #write(change: (record: JobRecord) => JobRecord | undefined): Promise<boolean> {
    const write = this.#lastWrite.then(async () => {
      const changed = change(this.#record);
      if (!changed) return false;
      await failpoint("record.saving");
      await this.#store.save(changed);
      await failpoint("record.saved");
      this.#record = changed;
      this.changes.notify();
      return true;
    });
    this.#lastWrite = write.catch(() => {}); // its caller hears of it
    return write;
  }

  snapshot(): JobSnapshot {
    const { live } = this;
    const { outcome } = this.#record;
    return {
      record: this.#record,
      operators: live?.view.operators() ?? outcome?.operators ?? [],
      services: live?.view.services() ?? outcome?.services ?? [],
      workers: live?.view.workers ?? 0,
      waitsFor: live?.view.waitsFor ?? "",
      revision: this.changes.version,
    };
  }
}

/** A job that is stopped and continued every minute has as many in three hours. */
export const defaultKeepMoves = 400;

function withMove({ history, historyDropped = 0 }: JobRecord, move: Transition, keep: number): Pick<JobRecord, "history" | "historyDropped"> {
  const all = [...history, move];
  const dropped = historyDropped + Math.max(0, all.length - keep);
  return { history: all.slice(-keep), ...(dropped === 0 ? {} : { historyDropped: dropped }) };
}

/** An ended job as it is when it goes on. */
function reopened({ failure: _failure, outcome: _outcome, stopMode: _stopMode, ...record }: JobRecord): JobRecord {
  return { ...record, endedAtMs: 0, released: false };
}
