// Processes on the cluster: a small actor, shipped as source, that starts one child, watches it, and ends it with
// itself. Nothing of the child's goes through it but its exit and its last lines of output.

import { SageError } from "@sage/core";
import { workerHostSource } from "./gen/worker-host-source.ts";
import type { CallOptions } from "./client/limits.ts";
import type { ActorOptions } from "./client/options.ts";
import type { RayActor, RayControl } from "./ray-control.ts";

/** A file of the host's: the first that is there and will do. A name without "/" is looked for on the PATH, then in `cwd` of the actor. */
export interface AnyOf {
  readonly anyOf: readonly string[];
  /** What is told apart by it when none will do: the error's text ends with `[what]`. */
  readonly what: string;
  /** Lower-case hex, of the file's content. */
  readonly sha256?: string;
  /** What it says to `--version` at least, as numbers: [20, 19, 0]. */
  readonly minVersion?: readonly number[];
}

export interface WorkerHostSpec extends CallOptions {
  /** The program, absolute or on the node's PATH, and its arguments: everyone on the host can see them. */
  readonly argv: readonly (string | AnyOf)[];
  /** Added to the actor's own environment (which is freed of RAY_… and SAGE_…); null takes a variable away. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Default: where Ray runs the actor; the package's folder with a `working_dir`. */
  readonly cwd?: string;
  /** Written to the child's stdin first, which then stays open: its end means that the actor has gone. */
  readonly stdin?: string;
  /** Lines of output that are remembered; default 100. */
  readonly tailLines?: number;
  /** Keeps stdout and stderr apart, so that `follow` tells which is which; their order is then not exact. */
  readonly splitOutput?: boolean;
  /** Makes an empty folder for the child (`info().tempDir`, its default `cwd`), and removes it behind its end. */
  readonly tempDir?: boolean;
  /** Without a `keep` for so long the actor ends, and the child with it. */
  readonly leaseSeconds?: number;
  /** So long after the child's end the actor ends too; default: never by itself. */
  readonly lingerSeconds?: number;
  /** Of the actor; `maxConcurrency` defaults to 8 and must not be 1, for waiting would keep everything else waiting. */
  readonly options?: ActorOptions;
}

export interface ChildExit {
  readonly code: number | null;
  /** By name: "SIGKILL". */
  readonly signal: string | null;
}

export interface WorkerHostInfo {
  readonly childPid: number;
  readonly hostPid: number;
  readonly hostname: string;
  /** Empty without `tempDir`. */
  readonly tempDir: string;
  /** Of Ray, hexadecimal. */
  readonly nodeId: string;
  /** Whether Ray has started the actor, and so the child, once more. */
  readonly isRestarted: boolean;
}

/** What happened since one looked last. */
export interface HostNews {
  /** To ask from the next time. */
  readonly next: number;
  /** The newest of the lines; when fewer came than `next` has grown, the oldest were dropped. */
  readonly lines: readonly (readonly [stream: "stdout" | "stderr", text: string])[];
  readonly exit: ChildExit | null;
}

const className = "WorkerHost";
const waitSeconds = 20;
/** What a call may take longer than the actor was told to wait. */
const marginMs = 30_000;

/** The child did not end, though it was killed. */
export class ChildWillNotEndError extends SageError {
  constructor() {
    super("the child process does not end, not even by SIGKILL", { code: "SAGE_RAY_CHILD_STUCK", fault: "cluster" });
  }
}

/**
 * Starts the actor, and with it the child. Resolves when Ray has the actor; `info()` waits until the child runs.
 * @throws as {@link RayControl.actor}; a program that cannot be started shows as {@link RayActorDiedError} in the first call
 */
export async function startWorkerHost(session: RayControl, { argv, env, cwd, stdin, tailLines, splitOutput, tempDir, leaseSeconds, lingerSeconds, options, ...limits }: WorkerHostSpec): Promise<WorkerHost> {
  const spec = JSON.stringify({ argv, env, cwd, stdin, tailLines, splitOutput, tempDir, leaseSeconds, lingerSeconds });
  return new WorkerHost(await session.actor({ source: workerHostSource, className, options: { maxConcurrency: 8, ...options }, ...limits }, spec));
}

/** Finds a detached one by its name. @throws {@link RayActorNotFoundError} */
export async function findWorkerHost(session: RayControl, name: string, options: CallOptions & { readonly namespace?: string } = {}): Promise<WorkerHost> {
  return new WorkerHost(await session.namedActor(name, options));
}

/** One child process on the cluster. Disposing releases the actor: it ends then, with its child, unless it is detached. */
export class WorkerHost implements AsyncDisposable {
  readonly actor: RayActor;

  constructor(actor: RayActor) {
    this.actor = actor;
  }

  async info(limits: CallOptions = {}): Promise<WorkerHostInfo> {
    return (await this.actor.call("info", [], limits)) as WorkerHostInfo;
  }

  /** Resolves when the child has ended. @throws {@link RayActorDiedError}, {@link RayActorUnavailableError} when the actor ended first */
  async exited(limits: { readonly signal?: AbortSignal } = {}): Promise<ChildExit> {
    for (;;) {
      const exit = (await this.actor.call("wait", [waitSeconds], { timeoutMs: waitSeconds * 1_000 + marginMs, ...limits })) as ChildExit | null;
      if (exit) return exit;
    }
  }

  /** The last lines of stdout and stderr, from line number `since` on; `next` is the number to ask from the next time. */
  async output(since = 0, limits: CallOptions = {}): Promise<{ readonly next: number; readonly lines: readonly string[] }> {
    return (await this.actor.call("output", [since], limits)) as { next: number; lines: string[] };
  }

  /** As `output`, but waits for a line or the child's end, at most `seconds` (default 20). */
  async follow(since = 0, { seconds = waitSeconds, signal }: { readonly seconds?: number; readonly signal?: AbortSignal } = {}): Promise<HostNews> {
    return (await this.actor.call("follow", [since, seconds], { timeoutMs: seconds * 1_000 + marginMs, ...(signal ? { signal } : {}) })) as HostNews;
  }

  /** Lengthens the lease; null ends it: from now on the child minds itself. */
  async keep(seconds: number | null, limits: CallOptions = {}): Promise<void> {
    await this.actor.call("keep", [seconds], limits);
  }

  /** To the child's stdin. */
  async write(text: string, limits: CallOptions = {}): Promise<void> {
    await this.actor.call("write", [text], limits);
  }

  /** Whether the child was there to get the signal. */
  async signal(number: number, limits: CallOptions = {}): Promise<boolean> {
    return (await this.actor.call("signal", [number], limits)) as boolean;
  }

  /** SIGTERM, after `graceMs` (default 5,000) SIGKILL to the child and its process group. The actor stays. */
  async stop({ graceMs = 5_000, signal }: { readonly graceMs?: number; readonly signal?: AbortSignal } = {}): Promise<ChildExit> {
    const exit = (await this.actor.call("stop", [graceMs / 1_000], { timeoutMs: graceMs + 2 * marginMs, ...(signal ? { signal } : {}) })) as ChildExit | null;
    if (!exit) throw new ChildWillNotEndError();
    return exit;
  }

  /** Ends the actor, the child and what the child has started, at once. */
  async kill(limits: CallOptions = {}): Promise<void> {
    await this.actor.kill(limits);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.actor[Symbol.asyncDispose]();
  }
}
