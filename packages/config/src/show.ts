// What `sage config show` prints: every value with its origin, secrets hidden.
import { hideUrlPasswords } from "@sage/core";
import type { Origin } from "./layers.ts";
import type { LoadedConfig } from "./load.ts";

export interface ShownValue {
  readonly key: string;
  /** Plain data; a secret is "[hidden]", or `{ env }` or `{ file }`. */
  readonly value: unknown;
  readonly origin: Origin;
  /** The origin as text: "config.yaml:3:9", "SAGE_DAEMON_PORT", "--daemon.port", "default". */
  readonly from: string;
}

/** Every value that is set or has a default, in the order of the reference. */
export function showValues(loaded: LoadedConfig): ShownValue[] {
  return [...loaded.origins].map(([key, origin]) => ({ key, value: shown(valueOf(loaded.value, key)), origin, from: formatOrigin(origin) }));
}

/** The configuration as plain data, secrets hidden. */
export function showConfig(loaded: LoadedConfig): Record<string, unknown> {
  return shown(loaded.value) as Record<string, unknown>;
}

export function formatOrigin(origin: Origin): string {
  if (origin.from === "file") return `${origin.path}:${origin.line}:${origin.column}`;
  if (origin.from === "environment") return origin.variable;
  if (origin.from === "flag") return origin.flag;
  return origin.because === undefined ? "default" : `default (${origin.because})`;
}

function valueOf(value: unknown, key: string): unknown {
  return key.split(".").reduce<unknown>((here, name) => (here as Readonly<Record<string, unknown>> | undefined)?.[name], value);
}

/** A `SecretRef` as it may be seen; everything else as it is. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === "string") return hideUrlPasswords(value);
  if (typeof value !== "object" || value === null) return value;
  const ref = value as { readonly from?: unknown; readonly variable?: unknown; readonly path?: unknown };
  if (ref.from === "value") return "[hidden]";
  if (ref.from === "env") return { env: ref.variable };
  if (ref.from === "file") return { file: ref.path };
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shown(one)]));
}
