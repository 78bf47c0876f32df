// Carries out the steps of a plan on one host, in order: what fails for a passing reason is tried again, what fails for
// good names its step. Steps are made so that repeating them does no harm.
import { isSageError, messageOf, SageError, withRetries, type Clock } from "@sage/core";
import type { Host } from "./host.ts";

/** How each kind of step is done; further kinds beside those of `plan.ts` are the caller's. */
export type Actions<S extends { readonly kind: string }> = {
  readonly [K in S["kind"]]: (host: Host, step: Extract<S, { readonly kind: K }>, task: ActionTask) => Promise<unknown>;
};

export interface ActionTask {
  readonly signal?: AbortSignal;
  progress(text: string): void;
}

export interface ApplyOptions<S> {
  readonly signal?: AbortSignal;
  /** Tries of each step; default 3. Only errors that say so are tried again. */
  readonly attempts?: number;
  /** Longest wait before the second try; default 500; doubles, with jitter. */
  readonly retryBaseMs?: number;
  readonly onStep?: (step: S, state: "begins" | "done") => void;
  readonly onProgress?: (text: string) => void;
  readonly clock?: Clock;
}

/** A step failed; those before it are done, and a second run does not repeat what is right. */
export class StepFailedError extends SageError {
  /** What the steps that were done are called. */
  readonly done: readonly string[];
  constructor(host: string, title: string, done: readonly string[], cause: unknown) {
    const facts = isSageError(cause) ? { fault: cause.fault, retryable: cause.retryable, ...(cause.hint === undefined ? {} : { hint: cause.hint }) } : { fault: "sage" as const };
    super(`${host} could not ${title}: ${messageOf(cause)}`, { code: "SAGE_STEP_FAILED", cause, ...facts });
    this.done = done;
  }
}

/** @throws {@link StepFailedError}; `signal.reason` when the signal fires. */
export async function applySteps<S extends { readonly kind: string }>(host: Host, steps: readonly S[], actions: Actions<S>, describe: (step: S) => string, options: ApplyOptions<S> = {}): Promise<void> {
  const { signal, attempts = 3, retryBaseMs = 500, onStep = () => {}, onProgress = () => {}, clock } = options;
  const done: string[] = [];
  for (const step of steps) {
    signal?.throwIfAborted();
    onStep(step, "begins");
    onProgress(describe(step));
    try {
      const act = actions[step.kind as S["kind"]] as (host: Host, step: S, task: ActionTask) => Promise<unknown>;
      await withRetries(() => act(host, step, { progress: onProgress, ...(signal ? { signal } : {}) }), {
        attempts, baseMs: retryBaseMs, maxMs: 10_000, retryIf: (error) => isSageError(error) && error.retryable, ...(signal ? { signal } : {}), ...(clock ? { clock } : {}),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw new StepFailedError(host.name, describe(step), done, error);
    }
    done.push(describe(step));
    onStep(step, "done");
  }
}
