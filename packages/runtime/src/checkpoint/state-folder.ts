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

  get #aside(): string {
    return join(this.#options.dir, `${this.#name}.part`);
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#file ??= await this.#open();
    await this.#file.writev(waiting);
  }

  async #open(): Promise<FileHandle> {
    const { dir, isTemporary = false } = this.#options;
    if (isTemporary) await mkdir(dir, { recursive: true, mode: 0o700 });
    return open(this.#aside, "wx", 0o600);
  }

  async finish(): Promise<SavedState> {
    const { dir, known, isTemporary = false } = this.#options;
    const sha256 = this.#hash.digest("hex");
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

/** Makes the names of a folder's files durable. */
export async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A state whose bytes were in the manifest, or are in a file: `locate` says where. @throws StateDamagedError by `read` */
export function stateHandle(facts: { readonly kind: string; readonly fromIndex: number; readonly sha256: string }, where: { readonly path: string } | { readonly locate: () => Promise<string> } | { readonly inline: Uint8Array }): StateHandle {
  return {
    ...facts,
    async read() {
      const path = "locate" in where ? await where.locate() : "path" in where ? where.path : undefined;
      const bytes = "inline" in where ? where.inline : await readFile(path!).catch((error: unknown) => { throw new StateDamagedError(path!, "it cannot be read", error); });
      if (createHash("sha256").update(bytes).digest("hex") !== facts.sha256) throw new StateDamagedError(path ?? `of kind ${facts.kind}`, "its checksum is wrong");
      return bytes;
    },
  };
}
