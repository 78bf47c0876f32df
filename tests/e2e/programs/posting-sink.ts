// A sink that writes its ledger to a ledger-server.ts, for jobs on hosts that share no disk.

import { randomBytes } from "node:crypto";
import { TransactionalSinkFunction } from "@sage/pipeline";

/** Where a transaction lies: the folder's URL, and its name there. */
export interface Posted {
  readonly url: string;
}

export class PostingSink extends TransactionalSinkFunction<unknown, Posted> {
  static override readonly snapshotFields: readonly string[] = [];
  readonly #folder: string;
  #rows: string[] = [];

  constructor(folder: string) {
    super();
    this.#folder = folder;
  }

  execute(record: unknown): void {
    this.#rows.push(JSON.stringify(record) ?? "null");
  }

  override async prepareCommit(checkpointId: number): Promise<Posted | undefined> {
    const rows = this.#rows.splice(0);
    if (rows.length === 0) return undefined;
    const url = `${this.#folder}/${this.ctx.parallelIndex}-${checkpointId}-${randomBytes(4).toString("hex")}`;
    await ask("PUT", url, this.ctx.signal, rows.join("\n"));
    return { url };
  }

  override async commit({ url }: Posted): Promise<void> {
    await ask("POST", url, this.ctx.signal);
  }

  /** What others have prepared is never committed: the server shows none of it. */
  override recover(): void {}
}

/** Whether the server wants the sources to finish. */
export async function isInHurry(out: string): Promise<boolean> {
  return (await ask("GET", `${out}/hurry`)) === "yes";
}

async function ask(method: string, url: string, signal?: AbortSignal, body?: string): Promise<string> {
  const answer = await fetch(url, { method, ...(body === undefined ? {} : { body }), ...(signal ? { signal } : {}) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the ledger refuses ${method} ${url}: ${text}`);
  return text;
}
