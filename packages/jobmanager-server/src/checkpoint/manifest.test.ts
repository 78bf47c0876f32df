import { expect, test } from "vitest";
import { encodeManifest, parseManifest, type Manifest } from "./manifest.ts";

const manifest: Manifest = {
  version: 1, jobId: "j", checkpointId: 7, attempt: 2, kind: "checkpoint", takenAtMs: 1, fingerprint: "f", maxParallelism: 128,
  operators: [{ nodeId: "map-1", name: "Doppelgänger", kind: "map", parallelism: 2, fingerprint: "g" }],
  tasks: [{ nodeId: "map-1", index: 0, finished: false, schema: "", stateBytes: 3, files: [{ sha256: "00".repeat(32), bytes: 3, kind: "own", spread: "STATE_SPREAD_INSTANCE", keyGroupFrom: 0, keyGroupTo: 0, inline: "YWJj" }] }],
};
const seed = Number(process.env["SAGE_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

test(`of a thousand changes of a manifest none is taken for what was written (seed ${seed})`, () => {
  const good = Buffer.from(encodeManifest(manifest));
  let state = seed;
  const below = (count: number) => ((state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff) >>> 8) % count;
  for (let change = 0; change < 1_000; change++) {
    const bytes = Buffer.from(below(5) === 0 ? good.subarray(0, below(good.length - 1)) : good);
    if (bytes.length === good.length) bytes[below(bytes.length - 1)]! ^= 1 << below(8); // behind the last line nothing is read
    expect(() => parseManifest(bytes.toString(), "/store/chk-7/manifest"), `change ${change}`).toThrow(expect.objectContaining({ code: "SAGE_CHECKPOINT_DAMAGED", message: expect.stringContaining("/store/chk-7/manifest") as string }));
  }
});
