// Workers as processes on this host, each in a process group of its own, so that its children end with it.

import { messageOf, SageError } from "@sage/core";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { adoptProcess } from "./adopted-process.ts";
import { WorkerProcess } from "./worker-process.ts";
import type { WorkerDriver } from "../worker-driver.ts";
import { mustBeThereAtStart, refusedEnvNames, workerEnv } from "../worker-env.ts";

class WorkerNotStartedError extends SageError {
  constructor(entry: string, cause: unknown) {
    super(`a worker process cannot be started from ${entry}: ${messageOf(cause)}`, { code: "SAGE_WORKER_START_FAILED", fault: "cluster", cause });
  }
}

export interface ProcessDriverOptions {
  /** The worker's program. */
  readonly entry: string;
  /** Below it each worker gets a directory; what earlier workers have left there is removed by `sweepTempDir`. */
  readonly tempDir: string;
  /** Where other hosts reach this one: then workers listen there for records. Default: a socket in their directory. */
  readonly dataHost?: () => string;
}

export function processDriver({ entry, tempDir: parentDir, dataHost }: ProcessDriverOptions): WorkerDriver {
  const own = () => (dataHost ? { dataListen: `tcp:${dataHost()}:0` } : {});
  return {
    name: "process",
    async start(spec, signal) {
      signal.throwIfAborted();
      const cwd = (await isDirectory(spec.baseDir)) ? { cwd: spec.baseDir } : {};
      try {
        return (await WorkerProcess.start({ entry, parentDir, env: workerEnv(process.env, spec.env), ...cwd })).give(spec, own());
      } catch (error) {
        throw new WorkerNotStartedError(entry, error);
      }
    },
    async prepare() {
      const waiting = await WorkerProcess.start({ entry, parentDir, env: workerEnv(process.env, {}) });
      return {
        get hasEnded() { return waiting.hasEnded; },
        canTake: ({ env }) => !waiting.hasEnded && !mustBeThereAtStart(env),
        give(spec) {
          const bad = new Set(refusedEnvNames(spec.env));
          return waiting.give(spec, { ...own(), env: Object.fromEntries(Object.entries(spec.env).filter(([name]) => !bad.has(name))), baseDir: spec.baseDir });
        },
        discard: () => waiting.discard(),
      };
    },
    adopt: adoptProcess,
  };
}

/** Removes what workers of an earlier daemon have left. @param keep - directories of workers that may still run. */
export async function sweepTempDir(tempDir: string, keep: ReadonlySet<string> = new Set()): Promise<void> {
  for (const name of await readdir(tempDir).catch(() => [])) {
    const path = join(tempDir, name);
    if (!keep.has(path)) await rm(path, { recursive: true, force: true });
  }
}

const isDirectory = (path: string): Promise<boolean> => stat(path).then((stats) => stats.isDirectory(), () => false);
