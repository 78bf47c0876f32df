// One operator at a time: a deploy lock on the head host, held by a process there for as long as its owner is heard.
//
// The process holds flock(2) on a file and waits for beats on its stdin. So the lock cannot be stale:
//   D1. It is free at once when its owner ends, even by SIGKILL, because the connection ends with it.
//   D2. It is free after 60 s of silence (a cut cable, a machine asleep), and the owner stops by itself before that:
//       `signal` fires 45 s after the last beat that the host answered.
//   D3. Two owners never hold it: the kernel gives it to one process.
import { deferred, SageError, systemClock, TaskGroup, type Clock, type Deferred } from "@sage/core";
import type { Host } from "./host.ts";
import { refusedExitCode, script } from "./remote-script.ts";
import { checkRemotePath } from "./safe-names.ts";

/** Who holds the lock, as the host tells it. */
export interface LockOwner {
  /** `ada@laptop`. */
  readonly who: string;
  /** The command that runs: "sage deploy". */
  readonly doing: string;
  readonly sinceMs: number;
}

/** Somebody else is changing the cluster. */
export class DeployLockedError extends SageError {
  readonly owner: LockOwner | undefined;
  constructor(host: string, owner: LockOwner | undefined) {
    const by = owner === undefined ? "somebody" : `${owner.who}, who runs \`${owner.doing}\` since ${new Date(owner.sinceMs).toISOString()}`;
    super(`the cluster is being changed by ${by} (lock on ${host})`, {
      code: "SAGE_DEPLOY_LOCKED", fault: "user", retryable: true, hint: "Wait for that to end. A lock whose owner is silent for a minute is free by itself.",
    });
    this.owner = owner;
  }
}

/** The host has not been heard for 45 s, or its process ended: another operator may begin. */
export class DeployLockLostError extends SageError {
  constructor(host: string, cause?: unknown) {
    super(`the deploy lock on ${host} was lost`, { code: "SAGE_DEPLOY_LOCK_LOST", fault: "cluster", retryable: true, hint: "The connection to the head broke. Run the command again.", cause });
  }
}

export interface DeployLock extends AsyncDisposable {
  /** Fires when the lock is lost; work under the lock has to stop then. */
  readonly signal: AbortSignal;
}

export interface LockOptions {
  /** The lock's file on the host; its folder is made. */
  readonly path: string;
  readonly who: string;
  readonly doing: string;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

const beatMs = 10_000;
const ownerGivesUpMs = 45_000;
const hostGivesUpSeconds = 60;

// `dd` reads a beat of exactly 8 bytes; `timeout` ends the wait for one. The file descriptor 9 holds the lock.
const hold = (options: LockOptions) => script(`
path=$(at "$1")
umask 077
mkdir -p "\${path%/*}"
exec 9>>"$path"
if ! flock -n 9; then echo locked; cat "$path.owner" 2>/dev/null || :; exit 90; fi
printf '%s\\n%s\\n%s\\n' "$2" "$3" "$(date +%s)" >"$path.owner.$$"
mv -f "$path.owner.$$" "$path.owner"
echo held
while [ "$(timeout "$4" dd bs=8 count=1 2>/dev/null)" = "i-live--" ]; do echo heard; done
rm -f "$path.owner"
`, [checkRemotePath(options.path), oneLine(options.who), oneLine(options.doing), hostGivesUpSeconds], { name: "sage-lock" });

/** @throws {@link DeployLockedError} at once if somebody holds it. */
export async function acquireDeployLock(host: Host, options: LockOptions): Promise<DeployLock> {
  const { clock = systemClock } = options;
  const held = deferred();
  const lost = new AbortController();
  const released = new AbortController();
  let heardAtMs = clock.monotonicMs();
  const beats = beatsUntil(released.signal, clock);
  const holding = host.run(hold(options), {
    stdin: beats, deadlineMs: Infinity, anyExit: true,
    onOutput: (text) => {
      heardAtMs = clock.monotonicMs();
      if (text.startsWith("held\n")) held.resolve();
    },
  });
  holding.then(
    (result) => {
      const error = result.exitCode === refusedExitCode ? new DeployLockedError(host.name, parseOwner(result.stdout.replace("locked\n", ""))) : new DeployLockLostError(host.name, result.stderr.trim());
      held.reject(error);
      lost.abort(error);
    },
    (error: unknown) => {
      held.reject(error);
      lost.abort(new DeployLockLostError(host.name, error));
    },
  );
  const watch = new TaskGroup(() => {});
  watch.start(async (signal) => {
    while (clock.monotonicMs() - heardAtMs < ownerGivesUpMs) await clock.sleep(beatMs / 2, signal);
    lost.abort(new DeployLockLostError(host.name)); // D2
  });
  const release = async () => {
    released.abort();
    await watch[Symbol.asyncDispose]();
    await holding.catch(() => {});
  };
  try {
    await untilHeld(held, options.signal);
  } catch (error) {
    await release();
    throw error;
  }
  return { signal: lost.signal, [Symbol.asyncDispose]: release };
}

/** Who holds the lock now; undefined: nobody. */
export async function readDeployLock(host: Host, path: string, signal?: AbortSignal): Promise<LockOwner | undefined> {
  const { stdout } = await host.run(script(`
path=$(at "$1")
[ -f "$path" ] || exit 0
exec 9<"$path"
flock -n 9 || cat "$path.owner"
`, [checkRemotePath(path)]), signal ? { signal } : {});
  return parseOwner(stdout);
}

async function untilHeld(held: Deferred<void>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const onAbort = () => held.reject(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    await held.promise;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

/** A beat now and every 10 s; ends, and with it stdin, when the lock is released. */
async function* beatsUntil(released: AbortSignal, clock: Clock): AsyncGenerator<Uint8Array> {
  while (!released.aborted) {
    yield Buffer.from("i-live--");
    await clock.sleep(beatMs, released).catch(() => {});
  }
}

function parseOwner(text: string): LockOwner | undefined {
  const [who, doing, since] = text.split("\n");
  return who === undefined || doing === undefined || !/^\d+$/.test(since ?? "") ? undefined : { who, doing, sinceMs: Number(since) * 1000 };
}

const oneLine = (text: string) => text.replace(/[\0-\x1f\x7f]+/g, " ").slice(0, 200);
