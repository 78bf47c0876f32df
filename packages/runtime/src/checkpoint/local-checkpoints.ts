// Takes the checkpoints of a pipeline that runs in one process, and restores it when it is run again behind a failure.

import { messageOf, type Clock } from "@sage/core";
import type { Plan } from "@sage/protocol/records";
import { resolve } from "node:path";
import type { Engine, EngineOptions } from "../engine.ts";
import type { StateStaging } from "./engine-checkpoints.ts";
import { LocalStore, type LocalRestore } from "./local-store.ts";
import { FolderWriter } from "./state-folder.ts";

export interface LocalCheckpointOptions {
  /** A folder for this pipeline alone; made if need be. */
  readonly dir: string;
  /** Milliseconds between two checkpoints; default 10,000. */
  readonly intervalMs?: number;
  /** So many are kept; default 3. */
  readonly keep?: number;
  /** A barrier that waits so long overtakes records; default 1,000. */
  readonly alignmentTimeoutMs?: number;
  readonly guarantee?: "exactly-once" | "at-least-once";
}

export class LocalCheckpoints {
  readonly #store: LocalStore;
  readonly #intervalMs: number;
  readonly #plan: Plan;
  readonly #clock: Clock;
  readonly #onWarning: (text: string) => void;
  readonly #restored: LocalRestore | undefined;
  readonly #alignment: NonNullable<EngineOptions["alignment"]>;
  #nextId: number;
  #awaited: (() => void) | undefined;
  #awaits = false;

  private constructor(store: LocalStore, options: LocalCheckpointOptions, plan: Plan, clock: Clock, onWarning: (text: string) => void, restored: LocalRestore | undefined) {
    this.#store = store;
    this.#intervalMs = options.intervalMs ?? 10_000;
    this.#alignment = { timeoutMs: options.alignmentTimeoutMs ?? 1_000, blocks: options.guarantee !== "at-least-once" };
    this.#plan = plan;
    this.#clock = clock;
    this.#onWarning = onWarning;
    this.#restored = restored;
    this.#nextId = (restored?.checkpointId ?? 0) + 1;
  }

  /** Finds the last checkpoint of a run that did not come to its end. @throws StateMismatchError, StateDamagedError */
  static async open(options: LocalCheckpointOptions, plan: Plan, clock: Clock, onWarning: (text: string) => void): Promise<LocalCheckpoints> {
    const store = new LocalStore(resolve(options.dir), options.keep ?? 3);
    const restored = await store.newest(plan, (error) => onWarning(messageOf(error)));
    return new LocalCheckpoints(store, options, plan, clock, onWarning, restored);
  }

  /** The checkpoint that the run begins with; 0: none. */
  get restoredFrom(): number {
    return this.#restored?.checkpointId ?? 0;
  }

  /** What the engine is opened with. */
  get engineOptions(): Pick<EngineOptions, "alignment" | "staging" | "restore" | "onAwaitsCheckpoint"> {
    const staging: StateStaging = {
      writer: ({ barrier: { checkpointId }, nodeId, index }) => new FolderWriter({ dir: this.#store.stagingOf(checkpointId), prefix: `${nodeId}-${index}`, known: this.#store.known }),
    };
    const onAwaitsCheckpoint = () => {
      this.#awaits = true;
      this.#awaited?.();
    };
    return { alignment: this.#alignment, staging, onAwaitsCheckpoint, ...(this.#restored ? { restore: this.#restored.restores } : {}) };
  }

  /** Runs the engine to its end, and takes checkpoints meanwhile. */
  async run(engine: Engine): Promise<void> {
    const over = new AbortController();
    const taking = this.#take(engine, over.signal);
    try {
      await engine.run();
    } finally {
      over.abort();
      await taking;
    }
    await this.#store.clear();
  }

  async #take(engine: Engine, signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#pause(signal);
      if (signal.aborted) return;
      this.#awaits = false;
      await this.#checkpoint(engine, signal);
    }
  }

  /** Until it is time, or sinks wait for a checkpoint. */
  async #pause(signal: AbortSignal): Promise<void> {
    if (this.#awaits || signal.aborted) return;
    const wait = new AbortController();
    this.#awaited = () => wait.abort();
    await this.#clock.sleep(this.#intervalMs, AbortSignal.any([signal, wait.signal])).catch(() => {});
    this.#awaited = undefined;
  }

  async #checkpoint(engine: Engine, signal: AbortSignal): Promise<void> {
    const checkpointId = this.#nextId++;
    const onAbort = () => engine.giveUpCheckpoint(checkpointId);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await this.#store.begin(checkpointId);
      const snapshots = await engine.triggerCheckpoint({ checkpointId, savepoint: false, halt: false, drain: false });
      await this.#store.commit(checkpointId, this.#plan, snapshots);
      await engine.commitCheckpoint(checkpointId);
    } catch (error) {
      engine.giveUpCheckpoint(checkpointId);
      await this.#store.discard(checkpointId).catch(() => {});
      if (signal.aborted) return;
      this.#onWarning(`checkpoint ${checkpointId} failed: ${messageOf(error)}`);
      if (engine.awaitsCheckpoint) {
        this.#awaits = true;
        await this.#clock.sleep(1_000, signal).catch(() => {});
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }
}
