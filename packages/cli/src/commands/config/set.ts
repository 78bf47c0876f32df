import { command } from "../../command.ts";
import { UsageError } from "../../errors.ts";
import { fileOf, fileOption } from "./file-option.ts";

export const configSet = command({
  path: "config set",
  summary: "Set one value in the configuration file; comments survive",
  args: ["key", "value?"],
  argHelp: { key: "a dotted key: daemon.port", value: "read by the key's type; lists as a,b or [a, b]" },
  options: { ...fileOption, unset: { type: "boolean", help: "remove the key instead" } },
  examples: ["sage config set daemon.port 19010", "sage config set ssh.password '{env: SSH_PASSWORD}'", "sage config set head.host --unset"],
  async run({ args, options, env }) {
    const { setValue, unsetValue } = await import("@sage/config");
    if (options.unset === (args.value !== undefined)) throw new UsageError(options.unset ? "--unset takes no value" : "a value is missing", "sage config set KEY VALUE, or sage config set KEY --unset");
    const target = { env, ...fileOf(options) };
    return args.value === undefined ? unsetValue(target, args.key) : setValue(target, args.key, args.value);
  },
  print({ path, changed }, io, { options }) {
    io.line(changed ? `${path}: ${options.unset ? "removed" : "set"}` : `${path} already says so`);
  },
  // Values stay out: what was set may be a secret.
  toJson: ({ path, key, changed }) => ({ path, key, changed }),
});
