// Reads, sets and removes single values of a configuration file by dotted key. Comments survive; nothing is written
// that would not load.
import { ConfigError, type ConfigFinding } from "./errors.ts";
import { changeText, type Change } from "./edit-text.ts";
import { childOf, dotted, jsonSchema, type KeyPath, type KeySchema } from "./json-schema.ts";
import { readText, valueAt, type Origin } from "./layers.ts";
import { isNokube, namesOf, resolveConfig, type LoadedConfig } from "./load.ts";
import { resolveNokube } from "./load-nokube.ts";
import { configPlace } from "./places.ts";
import { configFileOf, readConfigFile, type ConfigFile } from "./read-file.ts";
import { validate } from "./validate.ts";
import { writeConfigFile } from "./write-file.ts";

export interface EditTarget {
  /** Unset: the file that {@link loadConfig} would read. Created if it does not exist. */
  readonly path?: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface EditResult {
  readonly path: string;
  readonly key: string;
  /** False if the file already said so; then it was not written. */
  readonly changed: boolean;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** One value of a loaded configuration, or a section of it. @throws {@link ConfigError} for an unknown key. */
export function getValue(loaded: LoadedConfig, key: string): { readonly value: unknown; readonly origin?: Origin } {
  const path = pathOf(key, loaded.value);
  requireKnown("sage", path, loaded.value, loaded.path ?? "configuration");
  const origin = loaded.origins.get(key);
  return { value: valueAt(loaded.value, path), ...(origin === undefined ? {} : { origin }) };
}

/**
 * Sets a value in the file. A text is read by the key's type ("19001" is a number for a port); `{env: NAME}` and
 * `[a, b]` are read as such where the key may hold them.
 *
 * @throws {@link ConfigError} if the key is unknown, the value does not fit, or the file would not load with it.
 */
export async function setValue(target: EditTarget, key: string, value: unknown): Promise<EditResult> {
  return edit(target, (file) => {
    const path = pathOf(key, file.value);
    const schema = requireKnown(isNokube(file) ? "nokube" : "sage", path, file.value, file.path);
    if (schema.properties) throw new ConfigError([{ path: file.path, key, message: "is a section", hint: `set one of its keys: ${Object.keys(schema.properties).join(", ")}` }]);
    return { op: "set", path, value: typeof value === "string" ? readText(schema, value) : value };
  });
}

/** Removes a value, or a section, from the file. @throws {@link ConfigError} if the key is unknown. */
export async function unsetValue(target: EditTarget, key: string): Promise<EditResult> {
  return edit(target, (file) => {
    const path = pathOf(key, file.value);
    requireKnown(isNokube(file) ? "nokube" : "sage", path, file.value, file.path);
    return valueAt(file.value, path) === undefined ? undefined : { op: "remove", path };
  });
}

/** Applies a change to the file; undefined means that there is nothing to change. */
export async function edit(target: EditTarget, decide: (file: ConfigFile) => Change | undefined): Promise<EditResult> {
  const { path } = configPlace(target.env, target.path);
  const existing = await readConfigFile({ path, named: false });
  const file = existing ?? configFileOf("", path);
  const change = decide(file);
  if (!change) return { path, key: "", changed: false };
  const before = valueAt(file.value, change.path);
  const text = changeText(file.text, change);
  const changed = configFileOf(text, path);
  refuseNewProblems(file, changed, change.path);
  if (text !== file.text) await writeConfigFile(path, text, existing?.text);
  return { path, key: dotted(change.path), changed: text !== file.text, before, after: valueAt(changed.value, change.path) };
}

/** A file that was wrong elsewhere may be mended step by step: only problems that the change brings refuse it. */
function refuseNewProblems(before: ConfigFile, after: ConfigFile, path: KeyPath): void {
  const known = new Set(problemsOf(before).map((finding) => `${finding.key}\n${finding.message}`));
  const about = dotted(path);
  const fresh = problemsOf(after).filter((finding) => finding.key === about || finding.key.startsWith(`${about}.`) || !known.has(`${finding.key}\n${finding.message}`));
  if (fresh.length > 0) throw new ConfigError(fresh);
}

/** Everything that is wrong with a file, by itself and with each cluster that it names. */
export function problemsOf(file: ConfigFile, env: NodeJS.ProcessEnv = {}): ConfigFinding[] {
  const found = new Map<string, ConfigFinding>();
  const add = (findings: readonly ConfigFinding[]) => {
    for (const finding of findings) found.set(`${finding.path}:${finding.line ?? ""}:${finding.column ?? ""} ${finding.message}`, finding);
  };
  const collect = (load: () => unknown) => {
    try {
      load();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      add(error.findings);
    }
  };
  if (isNokube(file)) collect(() => resolveNokube(file, env));
  else {
    collect(() => resolveConfig(file, { env }));
    for (const cluster of namesOf(file)) collect(() => resolveConfig(file, { env, cluster }));
  }
  return [...found.values()];
}

/** `ssh.workers.1.port` as a path; a part that meets a list is an index. */
function pathOf(key: string, value: unknown): (string | number)[] {
  const path: (string | number)[] = [];
  for (const part of key.split(".")) path.push(Array.isArray(valueAt(value, path)) && /^[0-9]{1,5}$/.test(part) ? Number(part) : part);
  return path;
}

function requireKnown(dialect: "sage" | "nokube", path: KeyPath, value: unknown, file: string): KeySchema {
  let schema: KeySchema | undefined = jsonSchema(dialect);
  for (const [i, key] of path.entries()) {
    const parent: KeySchema = schema;
    schema = childOf(parent, valueAt(value, path.slice(0, i)) ?? {}, key);
    if (!schema) throw unknownKey(dialect, path.slice(0, i + 1), file);
  }
  return schema;
}

function unknownKey(dialect: "sage" | "nokube", path: KeyPath, file: string): ConfigError {
  const value = path.reduceRight<unknown>((inner, name) => ({ [String(name)]: inner }), {});
  const findings = validate(dialect, value, { place: () => ({ path: file }) }).filter((finding) => finding.message.startsWith("is not a known key"));
  return new ConfigError(findings.length > 0 ? findings : [{ path: file, key: dotted(path), message: "is not a known key", hint: "`sage config docs` lists all keys" }]);
}
