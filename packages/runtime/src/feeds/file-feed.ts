// Feeds a task from files.
//
// Its state: the position of the reader, and the records that were read and not processed.

import { isSageError } from "@sage/core";
import { decodeBatch, encodeBatch } from "@sage/protocol/records";
import type { Barrier } from "../checkpoint/barrier.ts";
import { bytesPart, type NodeRestore, type StatePart } from "../checkpoint/state-part.ts";
import { openFileReader, planSplits, redistribute, type FilePosition, type FileReader, type FileSourceSpec } from "../sources/index.ts";
import type { FailurePolicy } from "../operators/failure-policy.ts";
import type { Drive, Feed, Rest } from "./feed.ts";

export class FileFeed implements Feed {
  readonly #policy: FailurePolicy;
  readonly #baseDir: string;
  readonly injects = true;
  readonly drains = true;
  #reader: FileReader | undefined;
  #restore: NodeRestore | undefined;

  constructor(policy: FailurePolicy, baseDir: string) {
    this.#policy = policy;
    this.#baseDir = baseDir;
  }

  get progress(): number | undefined {
    if (this.#reader === undefined) return undefined;
    const { bytesRead, bytesTotal } = this.#reader.progress;
    return bytesTotal === 0 ? undefined : Math.min(1, bytesRead / bytesTotal);
  }

  async run(drive: Drive): Promise<void> {
    const { chain, signal } = drive;
    const { plan, graph } = chain.layout.nodes[0]!;
    try {
      const spec = { ...graph.settings, baseDir: this.#baseDir } as unknown as FileSourceSpec;
      const position = this.#restore && (await drive.pending(positionIn(this.#restore, spec, signal)));
      this.#reader = openFileReader(spec, { index: chain.index, parallelism: plan.parallelism, signal, ...(position ? { position } : {}) });
    } catch (error) {
      drive.signal.throwIfAborted();
      throw chain.scope.fail(error, 0, 0);
    }
    for (const batch of this.#restore ? await restsIn(this.#restore) : []) await drive.work(batch, chain.entries[0]!);
    for (;;) {
      const cut = drive.cut();
      if (cut !== undefined) await cut;
      const batch = drive.drained ? null : await this.#next(drive);
      if (batch === null) return;
      const wait = drive.work(batch, chain.entries[0]!);
      if (wait !== undefined) await wait;
    }
  }

  snapshot(_barrier: Barrier, rest: Rest | undefined): readonly StatePart[] {
    const { id: nodeId } = this.#policy.node.plan;
    if (this.#reader === undefined) return [];
    const parts = [bytesPart({ nodeId, kind: "position", spread: "union" }, encodeBatch([this.#reader.position()]))];
    if (rest && rest.from < rest.to) parts.push(bytesPart({ nodeId, kind: "rest", spread: "instance" }, encodeBatch(rest.batch.slice(rest.from, rest.to))));
    return parts;
  }

  restore(restore: NodeRestore): Promise<void> {
    this.#restore = restore;
    return Promise.resolve();
  }

  /** The next batch; a record that cannot be read is treated as the source's `onError` says. */
  async #next(drive: Drive): Promise<unknown[] | null> {
    for (;;) {
      try {
        return await drive.pending(this.#reader!.next());
      } catch (error) {
        drive.signal.throwIfAborted();
        const isBadRecord = isSageError(error) && error.code === "SAGE_BAD_RECORD";
        if (!isBadRecord) throw drive.chain.scope.fail(error, 0, 0);
        await this.#policy.drop(error, undefined);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader?.[Symbol.asyncDispose]();
  }
}

/** Where this instance goes on. An instance that left no position had read all of its share. */
async function positionIn({ handles, instance }: NodeRestore, spec: FileSourceSpec, signal: AbortSignal): Promise<FilePosition> {
  const positions: FilePosition[] = [];
  for (const handle of handles) {
    if (handle.kind !== "position") continue;
    const position = decodeBatch(await handle.read())[0] as FilePosition;
    if (!instance.isRescaled && handle.fromIndex === instance.index) return position;
    positions.push(position);
  }
  if (!instance.isRescaled) return { share: { tasks: [] }, done: 0 };
  return redistribute(positions, instance.parallelism, await planSplits(spec, signal))[instance.index]!;
}

async function restsIn({ handles }: NodeRestore): Promise<unknown[][]> {
  const rests: unknown[][] = [];
  for (const handle of handles) if (handle.kind === "rest") rests.push(decodeBatch(await handle.read()));
  return rests;
}
