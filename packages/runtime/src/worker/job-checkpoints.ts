// The checkpoints of a worker's job: what its daemon asks for, its engine does, and is said about it.
//
// Invariants:
//   C1. An acknowledgement is sent when every file is on disk under its name; it is said again on a new stream until the
//       daemon has answered it.
//   C2. Every checkpoint that is asked for gets an acknowledgement or a refusal, unless the daemon gives it up.

import { isSageError, messageOf } from "@sage/core";
import type { Deploy, StateFileInit, StateSpread as WireSpread, TaskSnapshotInit, TriggerCheckpoint, WorkerMessageInit } from "@sage/protocol";
import { instanceKey } from "../checkpoint/distribute.ts";
import { operatorOf, type NodeSnapshot, type StateStaging } from "../checkpoint/engine-checkpoints.ts";
import { stateHandle } from "../checkpoint/state-folder.ts";
import type { NodeRestore, SavedState, StateSpread } from "../checkpoint/state-part.ts";
import type { Engine } from "../engine.ts";
import type { JobFiles } from "./job-files.ts";

const spreads: Record<StateSpread, WireSpread> = {
  instance: "STATE_SPREAD_INSTANCE", "key-groups": "STATE_SPREAD_KEY_GROUPS", union: "STATE_SPREAD_UNION", fixed: "STATE_SPREAD_FIXED",
};

export interface JobCheckpointsOptions {
  readonly deploy: Deploy;
  readonly files: JobFiles;
  readonly send: (message: WorkerMessageInit) => Promise<void> | undefined;
  readonly onFailure: (error: unknown) => void;
}

export class JobCheckpoints {
  readonly #options: JobCheckpointsOptions;
  readonly #dir: string;
  #engine: Engine | undefined;
  /** Hashes that the store has: of the last complete checkpoint. */
  #known: ReadonlySet<string>;
  #acknowledged: { readonly checkpointId: number; readonly hashes: ReadonlySet<string>; readonly message: WorkerMessageInit } | undefined;
  #committedId = 0;
  #awaits = false;

  constructor(options: JobCheckpointsOptions) {
    const { checkpoints, restore } = options.deploy;
    this.#options = options;
    this.#dir = checkpoints?.stagingDir ?? "";
    this.#known = new Set((restore?.tasks ?? []).flatMap(({ handles }) => handles.filter(({ path }) => path !== "").map(({ file }) => file?.sha256 ?? "")));
  }

  /** Undefined: nobody takes checkpoints of this job. */
  get staging(): StateStaging | undefined {
    if (this.#dir === "") return undefined;
    return {
      writer: ({ barrier: { checkpointId, savepoint }, nodeId, index }) =>
        this.#options.files.writer({ stagingDir: this.#dir, checkpointId, prefix: `${checkpointId}-${nodeId}-${index}`, known: savepoint ? new Set() : this.#known }),
    };
  }

  /** What the instances of this worker begin with. */
  restores(parallelismOf: (nodeId: string) => number): ReadonlyMap<string, NodeRestore> {
    const { tasks = [], allowDroppedState: allowsDropped = false } = this.#options.deploy.restore ?? {};
    return new Map(tasks.map(({ nodeId, index, handles, keyGroupFrom, keyGroupTo, finished, fromParallelism }): [string, NodeRestore] => {
      const parallelism = parallelismOf(nodeId);
      return [instanceKey(nodeId, index), {
        keyGroupFrom, keyGroupTo, finished, fromParallelism, allowsDropped, instance: { index, parallelism, isRescaled: parallelism !== fromParallelism },
        handles: handles.map(({ file, path, fromIndex }) => {
          const { kind = "", sha256 = "", inline = new Uint8Array(), bytes = 0, keyGroupFrom: from = 0, keyGroupTo: to = 0 } = file ?? {};
          return stateHandle({ kind, sha256, bytes, keyGroupFrom: from, keyGroupTo: to }, fromIndex, path === "" ? { inline } : { locate: () => this.#options.files.state(path, sha256) });
        }),
      }];
    }));
  }

  /** The engine is there. */
  attach(engine: Engine): void {
    this.#engine = engine;
  }

  awaits(): void {
    this.#awaits = true;
    void this.#options.send({ awaitsCheckpoint: {} });
  }

  async trigger({ checkpointId, savepoint, halt, drain }: TriggerCheckpoint): Promise<void> {
    const startMs = performance.now();
    try {
      if (this.#engine === undefined || this.#dir === "") throw new Error("the job has not begun");
      const nodes = await this.#engine.triggerCheckpoint({ checkpointId, savepoint, halt, drain });
      if (nodes.some(({ files }) => files.some(({ name }) => name !== ""))) await this.#options.files.sync(this.#dir);
      const message = { snapshotAck: { checkpointId, tasks: nodes.map(toTaskSnapshot), durationMs: Math.round(performance.now() - startMs) } };
      this.#acknowledged = { checkpointId, message, hashes: new Set(nodes.flatMap(({ files }) => files.filter(({ inline }) => inline === undefined).map(({ sha256 }) => sha256))) };
      await this.#options.send(message);
    } catch (error) {
      const { code = "SAGE_SNAPSHOT_FAILED", hint = "" } = isSageError(error) ? error : {};
      await this.#options.send({ snapshotDeclined: { checkpointId, reason: messageOf(error), operator: operatorOf(error), index: 0, code, hint } });
    }
  }

  committed(checkpointId: number): void {
    if (this.#acknowledged?.checkpointId === checkpointId) {
      this.#known = this.#acknowledged.hashes;
      this.#acknowledged = undefined;
    }
    this.#engine?.commitCheckpoint(checkpointId).then(() => {
      this.#committedId = Math.max(this.#committedId, checkpointId);
      void this.#options.send({ committed: { checkpointId } });
    }, this.#options.onFailure);
  }

  aborted(checkpointId: number): void {
    if (this.#acknowledged !== undefined && this.#acknowledged.checkpointId <= checkpointId) this.#acknowledged = undefined;
    this.#engine?.giveUpCheckpoint(checkpointId);
  }

  drain(): void {
    this.#engine?.drain();
  }

  /** C1 */
  repeat(): void {
    const { send } = this.#options;
    if (this.#acknowledged) void send(this.#acknowledged.message);
    if (this.#committedId > 0) void send({ committed: { checkpointId: this.#committedId } });
    if (this.#awaits && this.#engine?.awaitsCheckpoint) void send({ awaitsCheckpoint: {} });
  }
}

function toTaskSnapshot({ nodeId, index, files, finished, durationMs, alignmentMs, barrierMs, schema }: NodeSnapshot): TaskSnapshotInit {
  return {
    nodeId, index, finished, schema, files: files.map(toStateFile), stateBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    durationMs: Math.round(durationMs), alignmentMs: Math.round(alignmentMs), barrierMs: Math.round(barrierMs),
    inFlightBytes: files.reduce((sum, { kind, bytes }) => sum + (kind === "in-flight" ? bytes : 0), 0),
  };
}

function toStateFile({ name, sha256, bytes, kind, spread, keyGroupFrom = 0, keyGroupTo = 0, inline, earlier }: SavedState): StateFileInit {
  return { name, sha256, bytes, kind, spread: spreads[spread], keyGroupFrom, keyGroupTo, earlier, ...(inline ? { inline: Buffer.from(inline) } : {}) };
}
