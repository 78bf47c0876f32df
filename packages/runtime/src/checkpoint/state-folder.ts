// Writes the files of a worker's snapshots into a folder, and reads such files.
//
// Invariants:
//   F1. A file has its name only when all its bytes are on disk: written aside, synced, renamed.
//   F2. Small states become no file: they travel with the acknowledgement.
//   F3. What the last complete checkpoint has already is not kept twice, but for savepoints.

import { createHash, type Hash } from "node:crypto";
import { mkdir, open, readFile, rename, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { StateDamagedError } from "./errors.ts";
import type { SavedState, StateFacts, StateFileWriter, StateHandle, StateWriter } from "./state-part.ts";

/** Up to so many bytes lie in the manifest. */
export const inlineBytes = 16 * 1024;
const bufferBytes = 256 * 1024;
/** A large file is read in pieces of so many bytes. */
const chunkBytes = 1024 * 1024;

export interface FolderOptions {
  readonly dir: string;
  /** In front of every file's name; unique per checkpoint, operator and instance. */
  readonly prefix: string;
  /** Hashes that the store has. */
  readonly known: ReadonlySet<string>;
  /** The files are only on their way: they need not outlive the host. The folder is made if it is missing. */
  readonly isTemporary?: boolean;
}

export class FolderWriter implements StateWriter {
  readonly #options: FolderOptions;
  #count = 0;

  constructor(options: FolderOptions) {
    this.#options = options;
  }

  file(facts: StateFacts): StateFileWriter {
    return new FolderFile(this.#options, `${this.#options.prefix}-${this.#count++}`, facts);
  }
}

class FolderFile implements StateFileWriter {
  readonly #options: FolderOptions;
  readonly #name: string;
  readonly #facts: StateFacts;
  readonly #hash: Hash = createHash("sha256");
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #bytes = 0;
  #file: FileHandle | undefined;
  /** Writes follow one another. */
  #written: Promise<void> = Promise.resolve();

  constructor(options: FolderOptions, name: string, facts: StateFacts) {
    this.#options = options;
    this.#name = name;
    this.#facts = facts;
  }

  append(bytes: Uint8Array): Promise<void> | undefined {
    this.#hash.update(bytes);
    this.#bytes += bytes.byteLength;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.byteLength;
    return this.#waitingBytes > bufferBytes ? this.#flush() : undefined;
  }

  #flush(): Promise<void> {
    this.#written = this.#written.then(() => this.#write());
    this.#written.catch(() => {}); // heard by `finish`, if not before
    return this.#written;
  }

  get #aside(): string {
    return join(this.#options.dir, `${this.#name}.part`);
  }

  async #write(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#file ??= await this.#open();
    try {
      await this.#file.writev(waiting);
    } catch (error) {
      await this.#file.close().catch(() => {});
      throw error;
    }
  }

  async #open(): Promise<FileHandle> {
    const { dir, isTemporary = false } = this.#options;
    if (isTemporary) await mkdir(dir, { recursive: true, mode: 0o700 });
    return open(this.#aside, "wx", 0o600);
  }

  async finish(): Promise<SavedState> {
    const { dir, known, isTemporary = false } = this.#options;
    const sha256 = this.#hash.digest("hex");
    await this.#written;
    const saved = { ...this.#facts, sha256, bytes: this.#bytes, name: "", earlier: false };
    if (this.#file === undefined && this.#bytes <= inlineBytes) return { ...saved, inline: Buffer.concat(this.#waiting) }; // F2
    if (known.has(sha256)) { // F3
      await this.#file?.close();
      if (this.#file) await rm(this.#aside, { force: true });
      return { ...saved, earlier: true };
    }
    if (this.#waiting.length > 0) await this.#flush();
    const file = this.#file!;
    if (!isTemporary) await file.sync();
    await file.close();
    await rename(this.#aside, join(dir, this.#name));
    return { ...saved, name: this.#name };
  }
}

/** Makes durable the bytes of a file, or the names in a folder. */
export async function syncPath(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Where the bytes of a state are: in the manifest, or in a file. `isKept` default: true. */
export type StatePlace = ({ readonly path: string } | { readonly locate: () => Promise<string> } | { readonly inline: Uint8Array }) & { readonly isKept?: boolean };

/** State as it was saved, to be read. @throws StateDamagedError by `read` */
export function stateHandle({ kind, sha256, bytes, keyGroupFrom = 0, keyGroupTo = 0 }: Pick<SavedState, "sha256" | "bytes" | "keyGroupFrom" | "keyGroupTo"> & { readonly kind: string }, fromIndex: number, where: StatePlace): StateHandle {
  const locate = async (): Promise<string | undefined> => ("locate" in where ? where.locate() : "path" in where ? where.path : undefined);
  const check = (hash: Hash, path: string | undefined): void => {
    if (hash.digest("hex") !== sha256) throw new StateDamagedError(path ?? `of kind ${kind}`, "its checksum is wrong");
  };
  return {
    kind, sha256, bytes, keyGroupFrom, keyGroupTo, fromIndex, isKept: where.isKept ?? true, ...("inline" in where ? { inline: where.inline } : {}),
    async read() {
      const path = await locate();
      const read = "inline" in where ? where.inline : await readFile(path!).catch((error: unknown) => { throw new StateDamagedError(path!, "it cannot be read", error); });
      check(createHash("sha256").update(read), path);
      return read;
    },
    async *chunks() {
      const path = await locate();
      const hash = createHash("sha256");
      for await (const chunk of "inline" in where ? [where.inline] : chunksOf(path!)) {
        hash.update(chunk);
        yield chunk;
      }
      check(hash, path);
    },
  };
}

/** Reads the next piece while one is used. */
async function* chunksOf(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const unreadable = (error: unknown): never => { throw new StateDamagedError(path, "it cannot be read", error); };
  const file = await open(path, "r").catch(unreadable);
  try {
    let [buffer, other] = [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)];
    let reading = file.read(buffer, 0, chunkBytes);
    for (;;) {
      const { bytesRead } = await reading.catch(unreadable);
      if (bytesRead === 0) return;
      [buffer, other] = [other, buffer];
      reading = file.read(buffer, 0, chunkBytes);
      reading.catch(() => {}); // heard when its turn comes
      yield other.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
