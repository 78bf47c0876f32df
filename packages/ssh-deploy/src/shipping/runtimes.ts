// A Node binary for hosts that have none: sent once, kept by its content at `~/.sage/runtimes/HASH/bin/node`.
import { statSync } from "node:fs";
import { SageError } from "@sage/core";
import type { Host } from "../host.ts";
import { script } from "../remote-script.ts";
import { checkRemotePath } from "../safe-names.ts";
import { sendFile, type SendOptions } from "./send-file.ts";
import { hashFile } from "./tree.ts";

export interface NodeRuntime {
  /** The binary on this machine. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** The binary does not run on that host: another processor, or a C library that is too old. */
export class RuntimeUnusableError extends SageError {
  constructor(host: string, said: string) {
    super(`the Node binary does not run on ${host}: ${said}`, { code: "SAGE_RUNTIME_UNUSABLE", fault: "cluster", hint: "Install Node 20 or later there (it needs glibc 2.28, and the same processor as this machine to be shipped)." });
  }
}

/** @param path - default: the Node that runs this. Reads all of it, about 100 MB: do it once for many hosts. */
export function nodeRuntime(path: string = process.execPath): NodeRuntime {
  return { path, ...hashFile(path), bytes: statSync(path).size };
}

/** Where a runtime lies below Sage's folder on a host. */
export function runtimePath(sageHome: string, runtime: NodeRuntime): string {
  return `${sageHome}/runtimes/${runtime.sha256.slice(0, 16)}/bin/node`;
}

/** @returns where it is now, and the bytes that had to be sent: 0 if it was there. */
export async function shipRuntime(host: Host, sageHome: string, runtime: NodeRuntime, options: SendOptions = {}): Promise<{ readonly path: string; readonly sentBytes: number }> {
  const path = checkRemotePath(runtimePath(sageHome, runtime));
  const sentBytes = await sendFile(host, { source: runtime.path, bytes: runtime.bytes, sha256: runtime.sha256, path, mode: 0o755 }, options);
  const trial = await host.run(script(`exec "$(at "$1")" --version`, [path]), { anyExit: true, ...(options.signal ? { signal: options.signal } : {}) });
  if (trial.exitCode !== 0) throw new RuntimeUnusableError(host.name, trial.stderr.trim().split("\n").at(-1) ?? `it ended with ${trial.exitCode}`);
  return { path, sentBytes };
}
