// The wait for a job's end, and what may cut it short: Ctrl-C, a caller's signal, results that nobody reads.

import { CollectBufferFullError, type JobResult } from "@sage/graph";
import { InterruptedError, endAsInterrupted, watchInterrupt } from "./interrupt.ts";
import type { ResultBuffer } from "./result-buffer.ts";

export interface JobWait {
  readonly jobId: string;
  readonly untilOver: (signal: AbortSignal) => Promise<JobResult>;
  readonly buffers: readonly ResultBuffer[];
  /** Ends the wait. */
  readonly signal: AbortSignal | undefined;
  /** Ctrl-C, where another watches for it. */
  readonly interrupt: AbortSignal | undefined;
  /** Whether the job lives with this program: then Ctrl-C ends it. */
  readonly isLocal: boolean;
  stop(): Promise<void>;
  detach(): Promise<void>;
}

/** @throws what `untilOver` throws; CollectBufferFullError and InterruptedError, with the job ended or let go of before. */
export async function waitForJob({ jobId, untilOver, buffers, signal, interrupt, isLocal, stop, detach }: JobWait): Promise<JobResult> {
  using watch = interrupt ? { signal: interrupt, [Symbol.dispose]: () => {} } : watchInterrupt();
  const over = new AbortController();
  const waitSignal = AbortSignal.any([over.signal, watch.signal, ...(signal ? [signal] : [])]);
  try {
    return await Promise.race([untilOver(waitSignal), ...buffers.map(unlessStuck)]);
  } catch (error) {
    if (error instanceof CollectBufferFullError) {
      for (const buffer of buffers) buffer.end(error);
      await stop(); // it could only wait
    }
    if (!watch.signal.aborted || signal?.aborted) throw error;
    await (isLocal ? stop() : detach());
    if (!interrupt) setImmediate(endAsInterrupted);
    throw new InterruptedError(jobId, !isLocal);
  } finally {
    over.abort();
  }
}

async function unlessStuck(buffer: ResultBuffer): Promise<never> {
  await buffer.whenStuck();
  throw new CollectBufferFullError(buffer.name, buffer.limitBytes);
}
