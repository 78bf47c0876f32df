// From a dashboard's address to a driver of ours that runs on that cluster as a Ray Job, and has dialled us.

import { hideUrlPasswords, silentLogger, systemClock, type Logger, type Secret } from "@sage/core";
import { randomBytes } from "node:crypto";
import { rayJobDriverSource } from "../gen/ray-job-driver-source.ts";
import { defaultTimeoutMs, within, type CallOptions } from "../client/limits.ts";
import { RayDashboard } from "../rest/dashboard.ts";
import { isOver, type RayJob } from "../rest/jobs.ts";
import { packageOf } from "../rest/packages.ts";
import { RayDriverFailedError } from "./driver-failed.ts";
import { DriverCalls } from "./driver-calls.ts";
import type { DriverDoor, OpenDriver } from "./driver-door.ts";
import { RayJobSession } from "./job-session.ts";

export interface ConnectJobOptions {
  /** Where the driver comes in. */
  readonly door: DriverDoor;
  /** Names this program among others: jobs of earlier ones of its name are ended and forgotten. Letters, digits, "-". */
  readonly owner: string;
  readonly token?: Secret | string | undefined;
  /** Certificates to trust where the URL is https (PEM), in the place of the well-known ones. */
  readonly ca?: string;
  /** Where names of actors live. */
  readonly namespace: string;
  readonly signal?: AbortSignal;
  /** How long it may take until the driver is ready, in milliseconds; default 60,000. */
  readonly connectTimeoutMs?: number;
  readonly log?: Logger;
}

/** How often a job that says nothing is looked at, in milliseconds. */
const lookMs = 500;
/** How long a driver tries to reach us. */
const dialSeconds = 20;
const endMs = 8_000;
/** By then Ray's monitor of a job has looked once more; it puts one that was deleted before on the list again, as failed. */
const reappearMs = 1_200;

/**
 * The Python that runs Ray's own part of the job, with its packages: the PATH may lead to another one, or to none. Where
 * /proc does not tell, the PATH has to do.
 */
const startScript = `packages=$(sed -n 's|^[^/]*\\(/.*\\)/ray/_raylet\\.so$|\\1|p' "/proc/$PPID/maps" 2>/dev/null | head -n 1)
python=$(readlink "/proc/$PPID/exe" 2>/dev/null)
if [ -n "$packages" ] && [ -x "$python" ]; then
  PYTHONPATH="$packages\${PYTHONPATH:+:$PYTHONPATH}" exec "$python" ray-job-driver.py
fi
exec "$(command -v python3 || echo python)" ray-job-driver.py
`;

/**
 * @param url - of the dashboard: `http://host:8265`, or https.
 * @throws RayUnreachableError, RayRestError (401 and 403: the token), {@link RayDriverFailedError}, TimeoutError
 */
export async function connectRayJob(url: string, options: ConnectJobOptions): Promise<RayJobSession> {
  const { door, owner, token, ca, namespace, signal, connectTimeoutMs = defaultTimeoutMs, log = silentLogger } = options;
  const dashboard = new RayDashboard(url, { token, ca });
  const address = new URL(url).host;
  const giveUp = new AbortController();
  const limits: CallOptions = { signal: signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal };
  const prefix = `sage-driver-${owner}-`;
  const job = { dashboard, id: `${prefix}${randomBytes(4).toString("hex")}` };
  using expected = door.expect();
  try {
    return await within((async () => {
      const dial = await door.dial();
      await forgetEarlier(dashboard, prefix, limits);
      const settings = JSON.stringify({ ...dial, id: expected.id, secret: expected.secret, namespace, dialSeconds });
      const { zip } = packageOf({ "ray-job-driver.py": rayJobDriverSource, "start.sh": startScript, "settings.json": settings });
      const working_dir = await dashboard.uploadPackage(zip, limits);
      await dashboard.jobs.submit({ entrypoint: "exec sh ./start.sh", submissionId: job.id, runtimeEnv: { working_dir }, metadata: { sage: owner } }, limits);
      const calls = new DriverCalls(await firstOf(expected.stream, job, limits), address);
      const server = await calls.ready;
      log.info("a driver runs on Ray as a job", { address, submissionId: job.id, rayVersion: server.rayVersion });
      return new RayJobSession({ server, calls, dashboard, address, cleanUp: () => end(job) });
    })(), "starting a driver on Ray", { timeoutMs: connectTimeoutMs, ...(signal ? { signal } : {}) });
  } catch (error) {
    giveUp.abort(error);
    await end(job);
    throw error;
  }
}

interface DriverJob {
  readonly dashboard: RayDashboard;
  readonly id: string;
}

/** The driver's stream; or why its job has ended without one. */
async function firstOf(stream: Promise<OpenDriver>, job: DriverJob, limits: CallOptions): Promise<OpenDriver> {
  const stop = new AbortController();
  const signal = limits.signal ? AbortSignal.any([limits.signal, stop.signal]) : stop.signal;
  const failed = (async (): Promise<never> => {
    const seen = await untilOver(job, { signal });
    const printed = await job.dashboard.jobs.logs(job.id, { signal }).catch(() => "");
    throw new RayDriverFailedError(hideUrlPasswords(printed), seen.message);
  })();
  try {
    return await Promise.race([stream, failed]);
  } finally {
    stop.abort(new Error("it is settled"));
    failed.catch(() => {});
  }
}

async function untilOver({ dashboard, id }: DriverJob, limits: CallOptions & { readonly signal: AbortSignal }): Promise<RayJob> {
  for (;;) {
    const job = await dashboard.jobs.get(id, limits);
    if (isOver(job.status)) return job;
    await systemClock.sleep(lookMs, limits.signal);
  }
}

/** Waits for the job's end, which it was told of, helps it along, and takes it off Ray's list; never rejects. */
async function end(job: DriverJob): Promise<void> {
  const { dashboard, id } = job;
  try {
    const signal = AbortSignal.timeout(endMs);
    await untilOver(job, { signal: AbortSignal.any([signal, AbortSignal.timeout(endMs / 4)]) }).catch(() => dashboard.jobs.stop(id, { signal }));
    await untilOver(job, { signal });
    await dashboard.jobs.delete(id, { signal });
    await systemClock.sleep(reappearMs, signal);
    await dashboard.jobs.delete(id, { signal });
  } catch {
    // Ray is away, or has none of that name: the next driver of this owner forgets it
  }
}

/** Of programs that ended without a word; what still runs has lost its program, or is about to notice. */
async function forgetEarlier(dashboard: RayDashboard, prefix: string, limits: CallOptions): Promise<void> {
  const earlier = (await dashboard.jobs.list(limits)).filter(({ submissionId }) => submissionId.startsWith(prefix));
  for (const { submissionId: id, status } of earlier) {
    if (isOver(status)) await dashboard.jobs.delete(id, limits).catch(() => {});
    else await dashboard.jobs.stop(id, limits).catch(() => {});
  }
}
