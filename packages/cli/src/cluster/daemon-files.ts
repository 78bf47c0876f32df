// The built programs that are shipped to the head: the daemon's and the worker's.
import { createRequire } from "node:module";
import type { DaemonFiles } from "@sage/cluster";

export function daemonFiles(): DaemonFiles {
  const daemonPath = createRequire(import.meta.url).resolve("@sage/jobmanager-server/daemon");
  return { daemonPath, workerPath: createRequire(daemonPath).resolve("@sage/runtime/worker") };
}
