// A text file that only grows, up to a size; then it becomes `NAME.1`, the one before `NAME.2`, and the oldest goes.
//
// A disk that refuses a write costs the lines, never the process: `onError` hears of it, and the next line is tried. When
// the disk takes lines again, `onRecovered` hears how many are missing.

import { mkdir, open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

export interface RollingFileOptions {
  /** Default 10 MiB. */
  readonly maxBytes?: number;
  /** How many files to keep, the current one included; default 5. */
  readonly files?: number;
  readonly onError?: (error: unknown) => void;
  readonly onRecovered?: (lostLines: number) => void;
}

const bufferedBytes = 1024 * 1024;

export class RollingFile implements AsyncDisposable {
  readonly path: string;
  readonly #options: Required<RollingFileOptions>;
  #file: FileHandle | undefined;
  #size = 0;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  /** Since the last write that the disk took. */
  #lostLines = 0;

  constructor(path: string, options: RollingFileOptions = {}) {
    this.path = path;
    this.#options = { maxBytes: 10 * 1024 * 1024, files: 5, onError: () => {}, onRecovered: () => {}, ...options };
  }

  /** Adds text that ends with a line's end; a promise means: wait for it, the disk is behind. */
  append(text: string): Promise<void> | undefined {
    this.#waiting.push(text);
    this.#waitingBytes += text.length;
    this.#writing ??= this.#write().finally(() => { this.#writing = undefined; });
    return this.#waitingBytes > bufferedBytes ? this.#writing : undefined;
  }

  /** Resolves when all that was appended has been handed to the system. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  async #write(): Promise<void> {
    await Promise.resolve(); // more lines of this turn come along
    while (this.#waiting.length > 0) {
      const text = this.#waiting.join("");
      this.#waiting = [];
      this.#waitingBytes = 0;
      try {
        await this.#writeText(Buffer.from(this.#lostLines > 0 ? `\n${text}` : text)); // behind the half of a line
        const lost = this.#lostLines;
        this.#lostLines = 0;
        if (lost > 0) this.#options.onRecovered(lost);
      } catch (error) {
        this.#lostLines += text.split("\n").length - 1;
        this.#options.onError(error);
      }
    }
  }

  async #writeText(bytes: Buffer): Promise<void> {
    if (this.#file && this.#size + bytes.length > this.#options.maxBytes) await this.#roll();
    const file = await this.#opened();
    await file.writeFile(bytes);
    this.#size += bytes.length;
  }

  async #opened(): Promise<FileHandle> {
    if (this.#file) return this.#file;
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const file = await open(this.path, "a", 0o600);
    this.#size = (await file.stat()).size;
    return (this.#file = file);
  }

  async #roll(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    await rm(`${this.path}.${this.#options.files - 1}`, { force: true });
    for (let older = this.#options.files - 2; older >= 0; older--) {
      await rename(pathOf(this.path, older), pathOf(this.path, older + 1)).catch(ignoreMissing);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    await this.#file?.close();
    this.#file = undefined;
  }
}

const pathOf = (path: string, age: number): string => (age === 0 ? path : `${path}.${age}`);

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

/** The lines of a rolling file, oldest first. A file that rolls meanwhile may give some of them twice. */
export async function* readRolledLines(path: string): AsyncGenerator<string, void, undefined> {
  const files: FileHandle[] = [];
  try {
    for (let age = 0; ; age++) { // the newest first: what rolls now is then seen twice rather than never
      const file = await open(pathOf(path, age), "r").catch(ignoreMissing);
      if (!file) break;
      files.push(file);
    }
    for (const file of files.reverse()) yield* file.readLines({ autoClose: false });
  } finally {
    for (const file of files) await file.close().catch(() => {});
  }
}
