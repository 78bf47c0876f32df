// Files as sources: what the feeds and tests use of this folder.

export { openFileReader, type FileReader, type FileSourceSpec } from "./file-source.ts";
export { planSplits } from "./file-splits.ts";
export { redistribute, type FilePosition } from "./file-position.ts";
