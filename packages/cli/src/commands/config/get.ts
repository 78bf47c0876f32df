import { command } from "../../command.ts";
import { yamlLines } from "../../yaml-text.ts";
import { fileOf, fileOption } from "./file-option.ts";

export const configGet = command({
  path: "config get",
  summary: "Print one value of the configuration, or a section",
  reads: true,
  args: ["key"],
  argHelp: { key: "a dotted key: daemon.port" },
  options: { ...fileOption, cluster: { type: "string", value: "NAME", help: "as seen from this named cluster" } },
  async run({ args, options, env }) {
    const { formatOrigin, getValue, loadConfig, showConfig } = await import("@sage/config");
    const loaded = await loadConfig({ env, ...fileOf(options), ...(options.cluster === undefined ? {} : { cluster: options.cluster }) });
    const { origin } = getValue(loaded, args.key); // refuses what is no key
    const value = args.key.split(".").reduce<unknown>((here, name) => (here as Readonly<Record<string, unknown>> | undefined)?.[name], showConfig(loaded));
    return { key: args.key, value, origin: origin && formatOrigin(origin) };
  },
  print({ value }, io) {
    if (value === undefined) io.note("not set");
    else if (typeof value === "string" || typeof value === "number") io.line(value);
    else io.rawLines(yamlLines(value));
  },
  names: ({ key }) => [key],
  toJson: ({ key, value, origin }) => ({ key, value: value ?? null, origin: origin ?? null }),
});
