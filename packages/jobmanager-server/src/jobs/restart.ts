// Whether a job that has failed is run again, and when. Pure.
//
// Rules:
//   R1. One cause counts once: workers that are lost while the job still recovers from the loss of others belong to the
//       same burst, and do not eat the budget again.
//   R2. Whatever the strategy, there is an end: a record that fails every time ends the job.
//   R3. What no other attempt would change is not tried again: another program, a module that throws, state that does not fit.
//   R4. No storm: some restarts may follow at once, but in the long run there is no more than one a second; where the same
//       operator throws again and again, one in five seconds: each takes most of a second of processor time.

import type { FailureView, RestartStrategy as WireStrategy } from "@sage/protocol";

export type RestartStrategy =
  | { readonly kind: "none" }
  | { readonly kind: "fixed"; readonly attempts: number; readonly delayMs: number }
  | {
    readonly kind: "exponential"; readonly initialMs: number; readonly maxMs: number; readonly factor: number;
    /** Part of the delay that is left to chance, 0 to 1. */
    readonly jitter: number;
    /** A job that has run so long begins anew. */
    readonly resetAfterMs: number;
    /** Restarts in a row. */
    readonly attempts: number;
  }
  | { readonly kind: "failure-rate"; readonly failures: number; readonly intervalMs: number; readonly delayMs: number };

export interface RestartPolicy {
  readonly strategy: RestartStrategy;
  /** Whether exceptions of user code are restarted too. */
  readonly afterExceptions: boolean;
}

/** A failure from which the job was restarted. */
export interface PastFailure {
  readonly atMs: number;
  /** Whether it counts: see R1. */
  readonly counted: boolean;
  readonly code: string;
  readonly operator: string;
}

export interface NewFailure {
  readonly atMs: number;
  readonly failure: Pick<FailureView, "code" | "fault" | "operator">;
  /** Whether all workers of the attempt had started; 0: never. */
  readonly ranMs: number;
  readonly wasRunning: boolean;
  /** Whether the job has ever run. */
  readonly hasRun: boolean;
}

export type RestartDecision =
  | { readonly restart: true; readonly delayMs: number; readonly counted: boolean }
  | { readonly restart: false; readonly why: string };

/** How long after a counted failure another loss still belongs to it, as long as the job has not run in between. */
const burstMs = 30_000;

/** R4: at most so many restarts within so long; further ones wait. */
const stormRestarts = 5;
const stormMs = 5_000;
const poisonMs = 25_000;

const hopeless: ReadonlySet<string> = new Set(["SAGE_PLAN_MISMATCH", "SAGE_STATE_MISMATCH", "SAGE_CHECKPOINT_VERSION", "SAGE_INTERNAL"]);

/**
 * @param past - the oldest first.
 * @param random - 0 to 1.
 */
export function decideRestart({ strategy, afterExceptions }: RestartPolicy, past: readonly PastFailure[], now: NewFailure, random: () => number): RestartDecision {
  const { code, fault } = now.failure;
  if (strategy.kind === "none") return { restart: false, why: "" };
  if (hopeless.has(code) || (fault === "user" && !now.wasRunning)) return { restart: false, why: "another attempt would fail in the same way" }; // R3
  if (fault === "user" && !afterExceptions) return { restart: false, why: "" };
  if (!now.hasRun) return { restart: false, why: "" };
  const last = past.findLast((each) => each.counted);
  const counted = !(fault === "cluster" && !now.wasRunning && last !== undefined && now.atMs - last.atMs < burstMs); // R1
  const delay = delayOf(strategy, past.filter((each) => each.counted), now, counted);
  if (typeof delay === "string") return { restart: false, why: delay };
  const spread = strategy.kind === "exponential" ? 1 - strategy.jitter * random() : 1;
  return { restart: true, delayMs: Math.max(Math.round(delay * spread), untilCalmMs(past, now)), counted };
}

/** R4 */
function untilCalmMs(past: readonly PastFailure[], { atMs, failure: { code, fault, operator } }: NewFailure): number {
  const until = (some: readonly PastFailure[], withinMs: number) => Math.min(withinMs, Math.max(0, (some.at(1 - stormRestarts)?.atMs ?? -Infinity) + withinMs - atMs));
  const same = fault === "user" ? past.filter((each) => each.code === code && each.operator === operator) : [];
  return Math.max(until(past, stormMs), until(same, poisonMs));
}

/** The delay before the restart in milliseconds, or why there is none. R2. */
function delayOf(strategy: Exclude<RestartStrategy, { kind: "none" }>, past: readonly PastFailure[], now: NewFailure, counted: boolean): number | string {
  if (strategy.kind === "fixed") {
    if (counted && past.length >= strategy.attempts) return `${times(strategy.attempts)} is what the restart strategy allows`;
    return strategy.delayMs;
  }
  if (strategy.kind === "failure-rate") {
    const recent = past.filter(({ atMs }) => now.atMs - atMs < strategy.intervalMs).length;
    if (counted && recent >= strategy.failures) return `more than ${strategy.failures} failures within ${strategy.intervalMs / 1_000} s`;
    return strategy.delayMs;
  }
  const row = now.ranMs >= strategy.resetAfterMs ? 0 : inRow(past, strategy.resetAfterMs);
  if (counted && row >= strategy.attempts) return `${times(strategy.attempts)} in a row is what the restart strategy allows`;
  return Math.min(strategy.maxMs, strategy.initialMs * strategy.factor ** Math.max(0, row - (counted ? 0 : 1)));
}

/** How many of the last failures came within `resetMs` of one another. */
function inRow(past: readonly PastFailure[], resetMs: number): number {
  let count = past.length > 0 ? 1 : 0;
  for (let i = past.length - 1; i > 0 && past[i]!.atMs - past[i - 1]!.atMs < resetMs; i--) count++;
  return count;
}

const times = (count: number): string => `${count} ${count === 1 ? "restart" : "restarts"}`;

/** @param isAsked - whether the job has asked for checkpoints. */
export function toRestartPolicy(wire: WireStrategy | null | undefined, isAsked: boolean): RestartPolicy {
  if (wire?.none) return { strategy: { kind: "none" }, afterExceptions: true };
  if (wire?.fixed) return { strategy: { kind: "fixed", attempts: wire.fixed.attempts || 3, delayMs: wire.fixed.delayMs }, afterExceptions: true };
  if (wire?.failureRate) {
    const { failures, intervalMs, delayMs } = wire.failureRate;
    return { strategy: { kind: "failure-rate", failures: failures || 3, intervalMs: intervalMs || 300_000, delayMs: Math.max(delayMs, 100) }, afterExceptions: true };
  }
  const set = wire?.exponential;
  const strategy: RestartStrategy = {
    kind: "exponential", initialMs: set?.initialMs || 500, maxMs: set?.maxMs || 60_000, factor: Math.max(1, set?.factor || 2),
    jitter: Math.min(1, Math.max(0, set?.jitter || 0.1)), resetAfterMs: set?.resetAfterMs || 600_000, attempts: set?.attempts || 10,
  };
  return { strategy, afterExceptions: isAsked || set !== undefined && set !== null };
}
