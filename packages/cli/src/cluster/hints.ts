// Hints name commands; where the caller chose a file or a cluster by a flag, the named command needs it too.
import { isSageError, quote } from "@sage/core";

const command = /\bsage (?:(?:cluster scale|deploy|cluster|head|worker|jobmanager) [a-z]+|doctor|tunnel|ssh)\b/g;

/** `sage head start` → `sage head start --config ray-config.yaml`. */
export function withFlags(text: string, flags: string): string {
  return flags === "" ? text : text.replace(command, (words) => `${words}${flags}`);
}

/** The flags that every further command needs to mean the same cluster. */
export function flagsOf({ config, cluster }: { readonly config?: string | undefined; readonly cluster?: string | undefined }): string {
  return `${config === undefined ? "" : ` --config ${quote(config)}`}${cluster === undefined ? "" : ` --cluster ${quote(cluster)}`}`;
}

/** A result whose `fix` texts name whole commands. */
export function hintsIn<T>(result: T, flags: string): T {
  return flags === "" ? result : (mapped(result, flags) as T);
}

function mapped(value: unknown, flags: string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapped(item, flags));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === "fix" && typeof item === "string" ? withFlags(item, flags) : mapped(item, flags)]));
}

/** The same for what is thrown. */
export function hintOf(error: unknown, flags: string): unknown {
  if (flags !== "" && isSageError(error) && error.hint !== undefined) Object.assign(error, { hint: withFlags(error.hint, flags) });
  return error;
}
