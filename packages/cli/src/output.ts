// The form in which a result is written: for people as the command prints it, else as data.

import type { AnyCommand, DaemonOptions } from "./command.ts";
import { UsageError } from "./errors.ts";
import type { Io } from "./io.ts";
import { yamlLines } from "./yaml-text.ts";

export type Form = "table" | "wide" | "json" | "yaml" | "name";

/** @throws UsageError if `--json`, `-o` and `--format` disagree. */
export function formOf(options: Readonly<Record<string, unknown>>): Form {
  const asked = { "--json": options["json"] === true ? "json" : undefined, "-o": options["output"] as Form | undefined, "--format": options["format"] as Form | undefined } as const;
  const given = Object.entries(asked).filter((each): each is [string, Form] => each[1] !== undefined);
  const other = given.find(([, form]) => form !== given[0]![1]);
  const words = ([option, form]: readonly [string, Form]) => (option === "--json" ? option : `${option} ${form}`);
  if (other) throw new UsageError(`${words(given[0]!)} and ${words(other)} ask for two forms`, "Give one of them.");
  return given[0]?.[1] ?? "table";
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
