// Keeps the files of snapshots in memory: for tests, and for pipelines of this process that keep no checkpoint.

import { createHash } from "node:crypto";
import type { SavedState, StateFacts, StateFileWriter, StateWriter } from "./state-part.ts";

export class MemoryWriter implements StateWriter {
  file(facts: StateFacts): StateFileWriter {
    const chunks: Uint8Array[] = [];
    return {
      append: (bytes) => void chunks.push(bytes),
      finish: (): Promise<SavedState> => {
        const inline = Buffer.concat(chunks);
        return Promise.resolve({ ...facts, sha256: createHash("sha256").update(inline).digest("hex"), bytes: inline.length, name: "", inline, earlier: false });
      },
    };
  }
}
