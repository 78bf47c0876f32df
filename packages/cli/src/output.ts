// The form in which a result is written: for people as the command prints it, else as data.

import type { AnyCommand, DaemonOptions } from "./command.ts";
import { UsageError } from "./errors.ts";
import type { Io } from "./io.ts";
import { yamlLines } from "./yaml-text.ts";

export type Form = "table" | "wide" | "json" | "yaml" | "name";

/** @throws UsageError if `--json` and `-o` disagree. */
export function formOf(options: Readonly<Record<string, unknown>>): Form {
  const chosen = options["output"] as Form | undefined;
  if (options["json"] !== true) return chosen ?? "table";
  if (chosen !== undefined && chosen !== "json") throw new UsageError(`--json and -o ${chosen} ask for two forms`, "Give one of them.");
  return "json";
}

/** `--host` and `--port` as given. */
export function daemonOptions(options: Readonly<Record<string, unknown>>): DaemonOptions {
  return { host: options["host"] as string | undefined, port: options["port"] as number | undefined };
}

/** Writes one result; of a stream, one of its items on one line. */
export function writeResult(command: AnyCommand, result: unknown, form: Form, options: Readonly<Record<string, unknown>>, io: Io): void {
  const data = () => (command.toJson ? command.toJson(result) : result);
  const isStream = "stream" in command && options["watch"] !== false; // a look that is not repeated is one result
  switch (form) {
    case "json":
      return io.json(data(), isStream ? undefined : 2);
    case "yaml":
      return io.rawLines([...(isStream ? ["---"] : []), ...yamlLines(data())]);
    case "name":
      if (!command.names) throw new UsageError(`sage ${command.path} has no names to print`, "Use another form: -o table, wide, json or yaml.");
      return io.rawLines(command.names(result).map((name) => name.replace(/[^\u0021-\u007e]/g, "?")));
    default:
      return command.print(result, io, { options: options as never, daemon: daemonOptions(options), wide: form === "wide" });
  }
}
