// One operator at a time: what changes a cluster holds the lock on its head.
import { hostname, userInfo } from "node:os";
import { acquireDeployLock } from "@sage/ssh-deploy";
import { lockPath } from "./layout.ts";
import type { ClusterSession } from "./session.ts";

/**
 * @param work - its signal fires when the command is interrupted, and when the lock is lost.
 * @throws DeployLockedError; what opening the head throws
 */
export async function locked<T>(session: ClusterSession, doing: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const host = await session.host(session.head);
  await using lock = await acquireDeployLock(host, { path: lockPath(session.head.host), who: `${userInfo().username}@${hostname()}`, doing, signal: session.signal, clock: session.clock });
  return await work(AbortSignal.any([session.signal, lock.signal]));
}
