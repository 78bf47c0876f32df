// The file that `sage config init` writes: the keys that a cluster needs first, each explained, the rest one command
// away. The JSON Schema is put beside it, so that an editor completes keys without a network.
import { copyFile, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { jsonSchemaText } from "./docs.ts";
import { ConfigError } from "./errors.ts";
import { jsonSchema, type KeySchema } from "./json-schema.ts";
import { configPlace } from "./places.ts";
import { writeConfigFile } from "./write-file.ts";

const schemaFile = "sage.schema.json";

/** The keys of the template, in its order; sections in the order of their first key. */
const first = [
  "head.host", "head.head_port", "head.dashboard_port", "head.dashboard_host", "head.temp_dir", "head.log_dir",
  "worker.bind_host", "worker.temp_dir", "worker.log_dir",
  "workers_ssh_hosts",
  "ssh.user", "ssh.key_path", "ssh.connect_timeout", "ssh.jump_host",
  "remote.sage_home", "remote.python_path", "remote.ray_command", "remote.conda_env",
  "daemon.host", "daemon.port",
  "project.root", "project.include", "project.exclude",
];

/** Values that the template sets instead of showing them as comments, by dotted key: `{ "head.host": "base-sage" }`. */
export type InitValues = Readonly<Record<string, string | number | readonly string[]>>;

/** The text of a new configuration. Loads as it is: what is not given stays a comment. */
export function initText(values: InitValues = {}): string {
  const unknown = Object.keys(values).find((key) => !first.includes(key));
  if (unknown !== undefined) throw new Error(`${unknown} is not a key of the template`);
  const out = [`# yaml-language-server: $schema=./${schemaFile}`, "# Sage's configuration. Every key and its meaning: sage config docs. Check it with: sage config validate", ""];
  let section = "";
  for (const key of first) {
    const [head = "", name] = key.split(".");
    const schema = jsonSchema("sage").properties?.[head] ?? {};
    if (head !== section) out.push(...(section === "" ? [] : [""]), `# ${schema.description ?? ""}`);
    if (name === undefined) out.push(line(key, schema, values[key], ""));
    else {
      if (head !== section) out.push(`${head}:`);
      out.push(line(name, schema.properties?.[name] ?? {}, values[key], "  "));
    }
    section = head;
  }
  return `${out.join("\n")}\n`;
}

function line(name: string, schema: KeySchema, value: unknown, indent: string): string {
  const shown = flow(value ?? schema.default ?? schema.examples?.[0]);
  const remark = indent === "" ? "" : `  # ${schema.description ?? ""}`;
  return `${indent}${value === undefined ? "# " : ""}${name}: ${shown}${remark}`;
}

/** A value on one line. */
function flow(value: unknown): string {
  return stringify(value, { lineWidth: 0, collectionStyle: "flow", defaultStringType: "QUOTE_DOUBLE" }).trimEnd();
}

export interface InitOptions {
  readonly path?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Replace a file that is there; it is kept beside as `….bak`. */
  readonly force?: boolean;
  readonly values?: InitValues;
}

export interface InitResult {
  readonly path: string;
  readonly schemaPath: string;
  /** Where the replaced file went. */
  readonly backupPath?: string;
}

/** Writes a new configuration. @throws {@link ConfigError} if there is one and `force` is not given. */
export async function initConfig(options: InitOptions): Promise<InitResult> {
  const { path } = configPlace(options.env, options.path);
  const existing = await textOf(path);
  if (existing !== undefined && !options.force) {
    throw new ConfigError([{ path, key: "", message: "is there already", hint: "`sage config init --force` replaces it and keeps a copy" }]);
  }
  const backupPath = existing === undefined ? undefined : `${path}.bak`;
  if (backupPath !== undefined) await copyFile(path, backupPath);
  const schemaPath = join(dirname(path), schemaFile);
  await writeConfigFile(path, initText(options.values), existing);
  await writeConfigFile(schemaPath, jsonSchemaText("sage"), await textOf(schemaPath));
  return { path, schemaPath, ...(backupPath === undefined ? {} : { backupPath }) };
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
