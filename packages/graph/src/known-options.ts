// Finds options that nobody takes: a slip in a name would be lost in silence.

import { nearest, SageError } from "@sage/core";
import type { CheckpointOptions, RestartOptions } from "./durability.ts";
import type { EnvironmentOptions, FileOptions } from "./environment.ts";
import type { OperatorOptions } from "./graph.ts";
import type { SubmitOptions } from "./host.ts";
import type { ServiceOptions } from "./services.ts";

/** Every key of a type of options, said once more: the compiler wants each of them and no other. */
export type KnownOptions<O> = Readonly<Record<keyof O, true>>;
type KeysOf<U> = U extends unknown ? keyof U : never;

export const operatorOptions: KnownOptions<OperatorOptions> = { parallelism: true, name: true, concurrency: true, ordered: true, onError: true, resources: true, remote: true };
export const csvOptions: KnownOptions<NonNullable<FileOptions["csv"]>> = { delimiter: true, header: true, types: true, multiline: true };
export const environmentOptions: KnownOptions<EnvironmentOptions> = { parallelism: true, params: true };
export const serviceOptions: KnownOptions<ServiceOptions> = { timeoutMs: true, concurrency: true, queueSize: true, maxRestarts: true, remote: true, resources: true };
export const submitOptions: KnownOptions<SubmitOptions> = {
  autostop: true, timeoutMs: true, id: true, labels: true, collectBufferBytes: true, signal: true, onProgress: true, onLine: true,
  checkpoints: true, restart: true, fromSavepoint: true, allowDroppedState: true,
};
export const checkpointOptions: KnownOptions<CheckpointOptions> = {
  dir: true, intervalMs: true, timeoutMs: true, keep: true, alignmentTimeoutMs: true, guarantee: true, minPauseMs: true, toleratedFailures: true,
};
export const restartOptions: Readonly<Record<KeysOf<RestartOptions>, true>> = {
  strategy: true, attempts: true, delayMs: true, initialMs: true, maxMs: true, factor: true, jitter: true, resetAfterMs: true, failures: true, intervalMs: true,
};

/** An option that does not exist. */
export class UnknownOptionError extends SageError {
  constructor(what: string, option: string, known: readonly string[], origin: string | undefined) {
    const near = nearest(option, known);
    super(`${what} has no option ${JSON.stringify(option.slice(0, 64))}${origin === undefined ? "" : ` (${origin})`}`, {
      code: "SAGE_UNKNOWN_OPTION", fault: "user", hint: near === undefined ? `It takes ${known.join(", ")}.` : `Did you mean ${JSON.stringify(near)}?`,
    });
  }
}

/** @throws {@link UnknownOptionError} for the first option that is not known. */
export function checkOptions(what: string, options: object | undefined, known: Readonly<Record<string, true>>, origin?: string): void {
  for (const option of Object.keys(options ?? {})) if (!Object.hasOwn(known, option)) throw new UnknownOptionError(what, option, Object.keys(known), origin);
}
