// Moves a job off a host that takes no new workers: it is stopped with a savepoint and goes on from exactly there.
import { dialDaemon, readReady } from "./daemon-status.ts";
import type { ClusterSession } from "./session.ts";

/** State may be large. */
const deadlineMs = 600_000;
const lookAgainMs = 200;

/** @throws what the daemon says: a job that cannot be saved runs on. */
export async function moveJob(session: ClusterSession, jobId: string, signal: AbortSignal): Promise<void> {
  const { callUnary } = await import("./daemon-calls.ts");
  const host = await session.host(session.head, signal);
  const ready = await readReady(host, session.head.daemonHome, signal);
  await using daemon = await dialDaemon(session, host, ready);
  const { client } = daemon;
  let { phase } = await callUnary(client, "Stop", { jobId }, { deadlineMs, signal });
  while (phase === "STOPPING" || phase === "RUNNING") {
    await session.clock.sleep(lookAgainMs, signal);
    ({ phase } = await callUnary(client, "Get", { jobId }, { deadlineMs, signal }));
  }
  if (phase === "STOPPED") await callUnary(client, "Continue", { jobId }, { deadlineMs, signal }); // else it has ended by itself
}
