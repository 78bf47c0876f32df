// A sink that writes files, each record exactly once, whatever fails: what stands behind a checkpoint is a file under its
// final name; what does not is a hidden one that a restart removes.
//
// Invariants:
//   S1. A file has its final name only when the checkpoint that covers its records is complete; it never changes then.
//   S2. A name belongs to one job, instance and checkpoint: nobody else ever writes it, and renaming twice is like once.

import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { TransactionalSinkFunction } from "./functions.ts";
import type { ReadySink } from "./graph.ts";

export interface FileSinkOptions<T> {
  /** "jsonl" (default): a line of JSON per record. "text": a line of text per record. */
  readonly format?: "jsonl" | "text";
  /** Ending of the files; default ".jsonl" or ".txt". */
  readonly extension?: string;
  /** Makes the line of a record, without its line break; goes before `format`. */
  readonly toLine?: (record: T) => string;
}

/**
 * A sink for `stream.sink(fileSink("out"))`: writes into the folder `path`, each record exactly once, whatever fails. Files
 * appear with each checkpoint, and at the job's end; relative paths begin at the program's folder.
 */
export function fileSink<T = unknown>(path: string, options: FileSinkOptions<T> = {}): ReadySink<T> {
  return { make: FileSink, args: [path, options] };
}

/** What is prepared: a hidden file, and the name that it gets. Both in the sink's folder. */
export interface PreparedFile {
  readonly hidden: string;
  readonly name: string;
  /** Where it was written. */
  readonly host?: string;
}

const bufferChars = 64 * 1024;

/**
 * Writes into a folder, which is made if need be: `part-<instance>-<checkpoint>-<job>.jsonl`. Files appear with each
 * checkpoint, and at the job's end.
 */
export class FileSink<T> extends TransactionalSinkFunction<T, PreparedFile> {
  static override readonly snapshotFields: readonly string[] = [];
  readonly #path: string;
  readonly #options: FileSinkOptions<T>;
  #dir = "";
  #lines = "";
  #hidden = "";
  #file: FileHandle | undefined;

  constructor(path: string, options: FileSinkOptions<T> = {}) {
    super();
    this.#path = path;
    this.#options = options;
  }

  override async open(): Promise<void> {
    this.#dir = resolve(this.#path);
    await mkdir(this.#dir, { recursive: true });
  }

  execute(record: T): Promise<void> | undefined {
    this.#lines += `${this.#lineOf(record)}\n`;
    return this.#lines.length > bufferChars ? this.#write() : undefined;
  }

  #lineOf(record: T): string {
    if (this.#options.toLine) return this.#options.toLine(record);
    return this.#options.format === "text" ? String(record) : (JSON.stringify(record) ?? "null");
  }

  async #write(): Promise<void> {
    const lines = this.#lines;
    this.#lines = "";
    if (this.#file === undefined) {
      this.#hidden = `${this.#prefix}${randomBytes(6).toString("hex")}`;
      this.#file = await open(join(this.#dir, this.#hidden), "wx");
    }
    await this.#file.writeFile(lines);
  }

  /** Of the hidden files of this instance. */
  get #prefix(): string {
    return `.part-${this.ctx.parallelIndex}-${this.#job}-`;
  }

  get #job(): string {
    return this.ctx.jobId.slice(-12);
  }

  override async prepareCommit(checkpointId: number): Promise<PreparedFile | undefined> {
    if (this.#lines !== "") await this.#write();
    const file = this.#file;
    if (file === undefined) return undefined;
    this.#file = undefined;
    await file.sync();
    await file.close();
    await this.#syncNames();
    const { format = "jsonl", extension = format === "text" ? ".txt" : ".jsonl" } = this.#options;
    const padded = (value: number, digits: number) => String(value).padStart(digits, "0");
    return { hidden: this.#hidden, name: `part-${padded(this.ctx.parallelIndex, 4)}-${padded(checkpointId, 8)}-${this.#job}${extension}`, host: hostname() };
  }

  /** S2. A file that is nowhere was committed before, and somebody has taken it away since; or it is on another host. */
  override async commit(prepared: PreparedFile): Promise<void> {
    try {
      await rename(join(this.#dir, prepared.hidden), join(this.#dir, prepared.name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      return this.#notHere(prepared);
    }
    await this.#syncNames();
  }

  async #notHere({ hidden, name, host }: PreparedFile): Promise<void> {
    if (host === undefined || host === hostname() || (await stat(join(this.#dir, name)).catch(() => undefined))) return;
    const path = join(this.#dir, name);
    this.ctx.logger.warn(`${path} was written on host ${host} and is not on this one; if it is missing there, too, its records are in ${hidden} beside it: rename that`, { host });
  }

  async #syncNames(): Promise<void> {
    const folder = await open(this.#dir, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  /** Removes what earlier attempts have begun; of instances that are no more, too. */
  override async recover(prepared: readonly PreparedFile[]): Promise<void> {
    const keep = new Set(prepared.map(({ hidden }) => hidden));
    for (const name of await readdir(this.#dir)) {
      const [, index, job] = /^\.part-(\d+)-(.{12})-[0-9a-f]{12}$/.exec(name) ?? [];
      if (job !== this.#job || keep.has(name)) continue;
      if (Number(index) % this.ctx.parallelism === this.ctx.parallelIndex) await rm(join(this.#dir, name), { force: true });
    }
  }

  override async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    await file.close();
    await rm(join(this.#dir, this.#hidden), { force: true }); // the job has failed or was cancelled: nobody will commit it
  }
}
