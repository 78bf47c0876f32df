import { command } from "../../command.ts";
import { paint } from "../../io.ts";
import { fileOf, fileOption } from "./file-option.ts";

export const configValidate = command({
  path: "config validate",
  summary: "Check the configuration file, with each cluster that it names",
  reads: true,
  args: ["file?"],
  argHelp: { file: "the file, of either dialect; default: as --config" },
  options: fileOption,
  details: "Every problem is reported with file, line and column. Exit code: 0 when it is good, 2 when it is not.",
  async run({ args, options, env }) {
    const { formatFinding, validateConfig } = await import("@sage/config");
    const { warnings, ...checked } = await validateConfig({ env, ...(args.file === undefined ? fileOf(options) : { path: args.file }) });
    return { ...checked, warnings: warnings.map((warning) => ({ ...warning, text: formatFinding(warning) })) };
  },
  print({ path, dialect, hasCluster, warnings }, io) {
    for (const { text } of warnings) io.error(paint("yellow", "warning: "), text);
    if (path === undefined) io.line("there is no configuration file, which is fine: the defaults hold");
    else io.line(`${path} is good (${dialect === "nokube" ? "NoKube's form" : "Sage's form"}${hasCluster ? "" : ", names no head host"})`);
  },
  names: ({ path }) => (path === undefined ? [] : [path]),
  toJson: ({ path, dialect, hasCluster, warnings }) => ({ valid: true, path: path ?? null, dialect: dialect ?? null, hasCluster, warnings }),
});
