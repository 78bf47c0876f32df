// Feeds a task from files.

import { isSageError } from "@sage/core";
import { openFileReader, type FileReader, type FileSourceSpec } from "../sources/index.ts";
import type { FailurePolicy } from "../operators/failure-policy.ts";
import type { Drive, Feed } from "./feed.ts";

export class FileFeed implements Feed {
  readonly #policy: FailurePolicy;
  readonly #baseDir: string;
  #reader: FileReader | undefined;

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
      this.#reader = openFileReader(spec, { index: chain.index, parallelism: plan.parallelism, signal });
    } catch (error) {
      throw chain.scope.fail(error, 0, 0);
    }
    for (;;) {
      const batch = await this.#next(drive);
      if (batch === null) return;
      const wait = drive.work(batch, chain.entries[0]!);
      if (wait !== undefined) await wait;
    }
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
