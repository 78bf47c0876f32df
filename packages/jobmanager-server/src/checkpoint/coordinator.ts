// Takes the checkpoints of one attempt: triggers, collects acknowledgements, commits, tells the sinks.
//
// Invariants:
//   K1. One checkpoint at a time; what is asked for meanwhile waits its turn.
//   K2. Sinks hear that a checkpoint is committed only when that is on disk: store and job record.
//   K3. Every checkpoint ends: complete, declined, too late, or with its attempt.
//   K4. Behind the end of its attempt no checkpoint is recorded: the next attempt begins from an older one, and drops
//       what was prepared for it.

import { deferred, isSageError, messageOf, type Clock, type Deferred, type Logger } from "@sage/core";
import { instanceIn, workerOf, type DaemonMessageInit, type Plan, type SlowestTask, type SnapshotAck, type SnapshotDeclined, type TaskSnapshot } from "@sage/protocol";
import { CheckpointFailedError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { orAborted, settledWithin } from "../waits.ts";
import type { CheckpointStore, RestoredFiles } from "./checkpoint-store.ts";
import { afterAck, begun, isComplete, sizesOf, slowestOf, type CheckpointSizes, type PendingCheckpoint } from "./decide.ts";
import { manifestVersion, toManifestTask, type CheckpointKind, type Manifest } from "./manifest.ts";
import type { CheckpointSettings } from "./settings.ts";

/** What the coordinator needs of a worker of the attempt. */
export interface CheckpointWorker {
  readonly index: number;
  readonly host: string;
  readonly isFinished: boolean;
  /** Whether it can take snapshots. */
  readonly snapshots: boolean;
  send(message: DaemonMessageInit): void;
}

export interface Trigger {
  readonly kind: CheckpointKind;
  /** Said of it in the job's list of checkpoints. */
  readonly reason: string;
  /** The sources emit nothing behind its barrier. */
  readonly halt?: boolean;
  readonly savepointId?: string;
}

export interface TakenCheckpoint extends CheckpointSizes {
  readonly id: number;
  readonly kind: CheckpointKind;
  readonly reason: string;
  readonly savepointId: string;
  readonly attempt: number;
  readonly triggeredAtMs: number;
  readonly durationMs: number;
  readonly path: string;
  /** Who was waited for. */
  readonly slowest: SlowestTask | null;
}

export interface CoordinatorParts {
  readonly jobId: string;
  readonly attempt: number;
  readonly plan: Plan;
  readonly workers: readonly CheckpointWorker[];
  readonly settings: CheckpointSettings;
  readonly store: CheckpointStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Files that the attempt began with. */
  readonly restored?: RestoredFiles;
  /** An id above all that workers of the job may have heard of, under this daemon or an earlier one. */
  nextId(): Promise<number>;
  /** The highest id that workers may have heard of. */
  lastId(): number;
  /** Of the newest complete checkpoint of the job; 0: none. */
  lastComplete(): number;
  /** Keeps what is known of a complete checkpoint; awaited before the sinks hear of it. */
  onComplete(taken: TakenCheckpoint): Promise<void>;
  /** It is durable, and everybody has been told. */
  onCommitted(taken: TakenCheckpoint, tasks: readonly TaskSnapshot[]): void;
  onFailed(failed: Omit<TakenCheckpoint, "path" | "slowest" | keyof CheckpointSizes>, why: string): void;
  /** More checkpoints in a row have failed than the job tolerates. */
  onTooManyFailures(why: string): void;
}

/** How long sinks may take to commit a savepoint before the workers are freed; what is left is committed at the next start. */
const commitWaitMs = 30_000;

interface Running {
  pending: PendingCheckpoint;
  readonly trigger: Trigger;
  readonly acknowledged: Deferred<readonly TaskSnapshot[]>;
}

export class Coordinator {
  readonly #parts: CoordinatorParts;
  #running: Running | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #failuresInRow = 0;
  #lastEndMs: number;
  #over: { readonly error: Error } | undefined;
  /** Workers at their end, whose sinks wait for a checkpoint. */
  readonly #awaiting = new Set<number>();
  readonly #committed = new Map<number, { readonly missing: Set<number>; readonly done: Deferred<void> }>();

  constructor(parts: CoordinatorParts) {
    this.#parts = parts;
    this.#lastEndMs = parts.clock.monotonicMs();
  }

  /** Whether all workers can take snapshots. */
  get isAble(): boolean {
    return this.#parts.workers.every((worker) => worker.snapshots);
  }

  /** Takes a checkpoint each interval; ends by `signal`. */
  async run(signal: AbortSignal): Promise<void> {
    const { settings: { intervalMs, minPauseMs }, clock } = this.#parts;
    if (intervalMs === 0 || !this.isAble) return;
    for (let dueMs = clock.monotonicMs() + intervalMs; ; dueMs = Math.max(dueMs + intervalMs, clock.monotonicMs())) {
      await clock.sleep(Math.max(dueMs, this.#lastEndMs + minPauseMs) - clock.monotonicMs(), signal);
      await this.take({ kind: "checkpoint", reason: "" }, signal).catch(() => {}); // noted by `#fail`
    }
  }

  /**
   * Takes one checkpoint; resolves when it is on disk and the workers were told so.
   *
   * @throws {@link CheckpointFailedError}; the signal's reason, which does not end the checkpoint.
   */
  take(trigger: Trigger, signal: AbortSignal): Promise<TakenCheckpoint> {
    const taken = this.#turn.then(() => this.#take(trigger)); // K1
    this.#turn = taken.catch(() => {});
    return orAborted(taken, signal);
  }

  async #take(trigger: Trigger): Promise<TakenCheckpoint> {
    const { attempt, clock, settings, workers, store } = this.#parts;
    this.#throwIfOver();
    const startMs = clock.monotonicMs();
    let facts = { id: this.#parts.lastId() + 1, kind: trigger.kind, reason: trigger.reason, savepointId: trigger.savepointId ?? "", attempt, triggeredAtMs: clock.now() };
    try {
      const id = await this.#parts.nextId();
      facts = { ...facts, id };
      this.#throwIfOver();
      const tasks = await this.#collect(id, trigger);
      await failpoint("checkpoint.acknowledged");
      const manifest = this.#manifest(id, trigger.kind, facts.triggeredAtMs, tasks);
      const { path } = await store.commit(manifest, tasks, this.#parts.restored);
      await failpoint("checkpoint.stored");
      await this.#dropIfOver(path);
      const taken = { ...facts, ...sizesOf(tasks), durationMs: Math.round(clock.monotonicMs() - startMs), path, slowest: this.#slowest(tasks) };
      await this.#parts.onComplete(taken); // K2
      await failpoint("checkpoint.recorded");
      this.#failuresInRow = 0;
      this.#committed.set(id, { missing: new Set(workers.filter((worker) => !worker.isFinished).map(({ index }) => index)), done: deferred() });
      for (const known of [...this.#committed.keys()].slice(0, -4)) this.#committed.delete(known);
      this.#tell({ checkpointCommitted: { checkpointId: id } });
      this.#parts.onCommitted(taken, tasks);
      await failpoint("checkpoint.told");
      return taken;
    } catch (error) {
      throw this.#fail(error, { ...facts, durationMs: Math.round(clock.monotonicMs() - startMs) }, settings.toleratedFailures);
    } finally {
      this.#running = undefined;
      this.#lastEndMs = clock.monotonicMs();
    }
  }

  async #collect(id: number, trigger: Trigger): Promise<readonly TaskSnapshot[]> {
    const { attempt, workers, settings, clock } = this.#parts;
    const running: Running = { pending: begun(attempt, id, workers.length), trigger, acknowledged: deferred() };
    running.acknowledged.promise.catch(() => {}); // heard below
    this.#running = running;
    this.#tell({ triggerCheckpoint: { checkpointId: id, savepoint: trigger.kind === "savepoint", halt: trigger.halt ?? false } });
    for (const worker of workers) if (worker.isFinished) this.#accept(worker.index, id, this.#endedTasks(worker.index));
    if (!(await settledWithin(running.acknowledged.promise, settings.timeoutMs, clock))) {
      const missing = [...running.pending.missing].join(", ");
      running.acknowledged.reject(new CheckpointFailedError(`checkpoint ${id}`, `no snapshot came from worker ${missing} within ${settings.timeoutMs / 1_000} s`));
    }
    return running.acknowledged.promise;
  }

  #manifest(id: number, kind: CheckpointKind, takenAtMs: number, tasks: readonly TaskSnapshot[]): Manifest {
    const { jobId, attempt, plan } = this.#parts;
    return {
      version: manifestVersion, jobId, checkpointId: id, attempt, kind, takenAtMs, fingerprint: plan.fingerprint, maxParallelism: plan.maxParallelism,
      operators: plan.nodes.map(({ id: nodeId, name, kind: nodeKind, parallelism, fingerprint }) => ({ nodeId, name, kind: nodeKind, parallelism, fingerprint })),
      tasks: tasks.map(toManifestTask),
    };
  }

  /** Whether snapshots of this checkpoint are waited for. */
  isTaking(checkpointId: number): boolean {
    return this.#running?.pending.checkpointId === checkpointId;
  }

  onAck(workerIndex: number, ack: SnapshotAck): void {
    this.#accept(workerIndex, ack.checkpointId, ack.tasks);
  }

  #accept(workerIndex: number, checkpointId: number, tasks: readonly TaskSnapshot[]): void {
    const running = this.#running;
    if (!running) return;
    running.pending = afterAck(running.pending, { attempt: this.#parts.attempt, checkpointId, workerIndex, tasks });
    if (isComplete(running.pending)) running.acknowledged.resolve(running.pending.tasks);
  }

  onDeclined({ checkpointId, reason, operator, hint }: SnapshotDeclined): void {
    if (this.#running?.pending.checkpointId !== checkpointId) return;
    const who = operator && !reason.includes(JSON.stringify(operator)) ? `operator ${JSON.stringify(operator)}: ` : "";
    this.#running.acknowledged.reject(new CheckpointFailedError(`checkpoint ${checkpointId}`, `${who}${reason}`, hint));
  }

  onCommitted(workerIndex: number, checkpointId: number): void {
    for (const [id, { missing, done }] of this.#committed) {
      if (id > checkpointId) continue;
      missing.delete(workerIndex);
      if (missing.size === 0) done.resolve();
    }
  }

  /** A worker has ended: it has nothing more to acknowledge. */
  onFinished(workerIndex: number): void {
    const id = this.#running?.pending.checkpointId;
    if (id !== undefined) this.#accept(workerIndex, id, this.#endedTasks(workerIndex));
    for (const committed of this.#committed.keys()) this.onCommitted(workerIndex, committed);
    this.#whenAllAwait();
  }

  /** The worker's sinks wait for a checkpoint: one is taken when all others wait, too, or have ended. */
  onAwaits(workerIndex: number): void {
    this.#awaiting.add(workerIndex);
    this.#whenAllAwait();
  }

  #whenAllAwait(): void {
    const open = this.#parts.workers.filter((worker) => !worker.isFinished);
    if (open.length === 0 || !open.every((worker) => this.#awaiting.has(worker.index))) return;
    for (const { index } of open) this.#awaiting.delete(index);
    const again = () => { for (const { index } of open) this.#awaiting.add(index); };
    this.take({ kind: "checkpoint", reason: "the end of the input" }, new AbortController().signal).catch(() => {
      if (this.#over) return;
      again();
      void this.#parts.clock.sleep(1_000).then(() => this.#whenAllAwait());
    });
  }

  /** Whether all sinks have committed a checkpoint in time. */
  async committed(checkpointId: number): Promise<boolean> {
    const known = this.#committed.get(checkpointId);
    return !known || known.missing.size === 0 || settledWithin(known.done.promise, commitWaitMs, this.#parts.clock);
  }

  /** What runs will not be completed. */
  interrupt(reason: string): void {
    const running = this.#running;
    running?.acknowledged.reject(new CheckpointFailedError(`checkpoint ${running.pending.checkpointId}`, reason));
  }

  /** An earlier daemon may have left a checkpoint half done, or committed one without saying so. */
  takeOver(): void {
    const { lastComplete, lastId } = this.#parts;
    const committed = lastComplete();
    if (committed > 0) this.#tell({ checkpointCommitted: { checkpointId: committed } });
    this.#tell({ checkpointAborted: { checkpointId: lastId(), reason: "the JobManager was restarted" } });
  }

  #throwIfOver(): void {
    if (this.#over) throw this.#over.error;
  }

  /** K4: no record will name it. */
  async #dropIfOver(path: string): Promise<void> {
    if (!this.#over) return;
    const { store, jobId, logger } = this.#parts;
    await store.delete(path).catch((error: unknown) => logger.warn("a checkpoint that came too late could not be removed", { jobId, path, error }));
    throw this.#over.error;
  }

  /** The attempt is over: what runs fails, and nothing begins any more. Resolves when nothing is being written any more. */
  async end(reason: string): Promise<void> {
    const error = new CheckpointFailedError("the checkpoint", reason);
    this.#over ??= { error };
    this.#running?.acknowledged.reject(error);
    for (const { done } of this.#committed.values()) done.resolve();
    await this.#turn;
  }

  #slowest(tasks: readonly TaskSnapshot[]): SlowestTask | null {
    const found = slowestOf(tasks);
    if (!found) return null;
    const { nodeId, index, barrierMs, alignmentMs, durationMs } = found;
    const node = this.#parts.plan.nodes.find(({ id }) => id === nodeId);
    return { operator: node?.name ?? nodeId, index, host: this.#parts.workers[workerOf(node ?? {}, index)]?.host ?? "", barrierMs, alignmentMs, writeMs: durationMs };
  }

  #endedTasks(workerIndex: number): readonly TaskSnapshot[] {
    const ended = this.#parts.plan.nodes.flatMap((node) => ({ id: node.id, index: instanceIn(node, workerIndex) }));
    return ended.flatMap(({ id, index }) => index === undefined ? [] : ({ nodeId: id, index, files: [], stateBytes: 0, durationMs: 0, alignmentMs: 0, inFlightBytes: 0, finished: true, schema: "", barrierMs: 0 }));
  }

  #fail(error: unknown, facts: Parameters<CoordinatorParts["onFailed"]>[0], tolerated: number): unknown {
    const why = error instanceof CheckpointFailedError ? error.reason : messageOf(error);
    if (this.#over) return this.#over.error;
    if (!isSageError(error)) this.#parts.logger.error("a checkpoint failed inside the daemon", { jobId: this.#parts.jobId, error });
    this.#tell({ checkpointAborted: { checkpointId: facts.id, reason: why } });
    this.#parts.onFailed(facts, why);
    if (tolerated > 0 && ++this.#failuresInRow > tolerated) this.#parts.onTooManyFailures(why);
    return isSageError(error) ? error : new CheckpointFailedError(`checkpoint ${facts.id}`, why);
  }

  #tell(message: DaemonMessageInit): void {
    for (const worker of this.#parts.workers) if (!worker.isFinished) worker.send(message);
  }
}
