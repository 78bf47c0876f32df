import { command } from "../../command.ts";
import { paint } from "../../io.ts";
import { renderTable } from "../../table.ts";
import { yamlLines } from "../../yaml-text.ts";
import { fileOf, fileOption } from "./file-option.ts";

export const configShow = command({
  path: "config show",
  summary: "Show the configuration as it holds here: file, environment and defaults; secrets hidden",
  reads: true,
  options: {
    ...fileOption,
    cluster: { type: "string", value: "NAME", help: "as seen from this named cluster" },
    origin: { type: "boolean", help: "say for each value where it comes from" },
  },
  async run({ options, env, io }) {
    const { formatFinding, loadConfig, showConfig, showValues } = await import("@sage/config");
    const loaded = await loadConfig({ env, ...fileOf(options), ...(options.cluster === undefined ? {} : { cluster: options.cluster }) });
    for (const warning of loaded.warnings) io.note(paint("yellow", "warning: "), formatFinding(warning));
    return { config: showConfig(loaded), values: showValues(loaded), path: loaded.path };
  },
  print({ config, values, path }, io, { options, wide }) {
    io.note(path === undefined ? "no configuration file; `sage config init` makes one" : path);
    if (!options.origin && !wide) return io.rawLines(yamlLines(config));
    io.rawLines(renderTable(values, [
      { title: "KEY", value: (row) => row.key },
      { title: "VALUE", value: (row) => (typeof row.value === "string" ? row.value : JSON.stringify(row.value)), minWidth: 12 },
      { title: "ORIGIN", value: (row) => row.from },
    ], wide ? undefined : io.width, io.paint));
  },
  names: ({ values }) => values.map(({ key }) => key),
  toJson: ({ config, values, path }) => ({ path: path ?? null, config, origins: Object.fromEntries(values.map(({ key, from }) => [key, from])) }),
});
