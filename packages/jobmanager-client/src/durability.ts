// What a submission asks for its state, as the wire has it.

import type { DurabilityOptions, RestartOptions } from "@sage/graph";
import type { RestartStrategyInit, SubmitRequestInit } from "@sage/protocol";

/** As the daemon does if a job asks for checkpoints without saying how often. */
const defaultIntervalMs = 10_000;

export function toWireDurability({ checkpoints, restart, fromSavepoint, allowDroppedState }: DurabilityOptions): SubmitRequestInit {
  return {
    ...(checkpoints ? { checkpoints: { ...checkpoints, intervalMs: checkpoints.intervalMs ?? defaultIntervalMs } } : {}),
    ...(restart ? { restart: toStrategy(restart) } : {}),
    ...(fromSavepoint === undefined ? {} : { fromSavepoint }),
    ...(allowDroppedState === undefined ? {} : { allowDroppedState }),
  };
}

function toStrategy(restart: RestartOptions): RestartStrategyInit {
  if (restart.strategy === "none") return { none: {} };
  if (restart.strategy === "fixed") return { fixed: settingsOf(restart) };
  return restart.strategy === "exponential" ? { exponential: settingsOf(restart) } : { failureRate: settingsOf(restart) };
}

const settingsOf = <R extends RestartOptions>({ strategy: _strategy, ...settings }: R): Omit<R, "strategy"> => settings;
