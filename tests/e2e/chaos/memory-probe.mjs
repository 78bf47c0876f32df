// Imported into a process: again and again it collects all garbage, and leaves what then lives, in bytes, in a file named
// by its pid. Resident memory alone says little of a leak: a collector takes what it is given.

import { renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
const path = join(process.env["SAGE_MEMORY_DIR"] ?? dirname(globalThis.sageLinksFile), `memory-${process.pid}`);
setInterval(() => {
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  writeFileSync(`${path}.part`, JSON.stringify({ liveBytes: heapUsed + external, rssBytes: rss }));
  renameSync(`${path}.part`, path);
}, 1_500).unref();
