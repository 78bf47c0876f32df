// The end of one worker: asked first, then made to.

import type { Clock } from "@sage/core";
import { settledWithin } from "../waits.ts";
import type { AttemptTiming } from "./attempt-parts.ts";
import type { AttemptWorker } from "./attempt-worker.ts";

export interface EndParts {
  readonly clock: Clock;
  readonly timing: AttemptTiming;
}

/** Resolves when the worker, its children and its files are gone. @param force - ends it at once */
export async function endWorker(worker: AttemptWorker, start: Promise<void> | undefined, reason: string, { clock, timing }: EndParts, force: AbortSignal): Promise<void> {
  await start?.catch(() => {}); // its error was the attempt's failure, or came too late to matter
  const { handle } = worker;
  if (!handle) return;
  const onForce = () => worker.kill();
  force.addEventListener("abort", onForce, { once: true });
  if (force.aborted || !worker.link || worker.isCutOff) worker.kill();
  if (!worker.isFinished) {
    worker.send({ cancel: { reason } });
    if (!(await settledWithin(Promise.race([worker.quiet.promise, handle.exited]), timing.cancelGraceMs, clock))) worker.kill();
  }
  worker.send({ close: {} });
  if (!(await settledWithin(handle.exited, timing.closeGraceMs, clock))) worker.kill();
  await handle.gone;
  force.removeEventListener("abort", onForce);
  worker.link?.close();
}
