import { command } from "../../command.ts";
import { UsageError } from "../../errors.ts";
import { escapeLines } from "../../escape.ts";
import { paint } from "../../io.ts";

export const configConvert = command({
  path: "config convert",
  summary: "Turn a NoKube ray-config.yaml into Sage's form",
  args: ["file"],
  argHelp: { file: "the NoKube file; it is not changed" },
  options: {
    out: { type: "string", value: "FILE", help: "write it there (mode 0600) instead of printing it" },
    force: { type: "boolean", short: "f", help: "replace the file that --out names" },
  },
  async run({ args, options, env, cwd, io }) {
    const { convertConfig, formatFinding, pathFrom, writeConfigFile } = await import("@sage/config");
    const { text, warnings } = await convertConfig({ path: args.file, env });
    for (const warning of warnings) io.error(paint("yellow", "warning: "), formatFinding(warning));
    const path = options.out === undefined ? undefined : pathFrom(cwd, options.out, env);
    if (path !== undefined) await writeConfigFile(path, text, await replaceable(path, options.force));
    return { text, path, warnings: warnings.map(formatFinding) };
  },
  print({ text, path }, io) {
    if (path === undefined) io.rawLines(escapeLines(text.trimEnd()));
    else io.line(`wrote ${path}`);
  },
  toJson: ({ text, path, warnings }) => ({ path: path ?? null, ...(path === undefined ? { text } : {}), warnings }),
});

/** The text that may be replaced; undefined if there is no file. @throws UsageError if there is one and `force` is not given. */
async function replaceable(path: string, force: boolean): Promise<string | undefined> {
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text !== undefined && !force) throw new UsageError(`${path} is there already`, "--force replaces it.");
  return text;
}
