import { command } from "../../command.ts";
import { fileOf, fileOption } from "./file-option.ts";

export const configInit = command({
  path: "config init",
  summary: "Write a new configuration file, every key explained",
  options: { ...fileOption, force: { type: "boolean", short: "f", help: "replace a file that is there; it is kept beside as .bak" } },
  async run({ options, env }) {
    const { initConfig } = await import("@sage/config");
    return initConfig({ env, ...fileOf(options), force: options.force });
  },
  print({ path, backupPath }, io) {
    io.line(`wrote ${path}`);
    if (backupPath !== undefined) io.note(`the former file is ${backupPath}`);
    io.note("  next: edit it, then `sage config validate`");
  },
});
