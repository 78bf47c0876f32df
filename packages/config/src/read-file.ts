// Reads a configuration file: a regular file, bounded before it is read. Says who may read it, because of its secrets.
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigError, type ConfigFinding } from "./errors.ts";
import { formFor, childOf, dotted, jsonSchema, type Dialect, type KeyPath, type KeySchema } from "./json-schema.ts";
import type { ConfigPlace } from "./places.ts";
import type { Locator } from "./validate.ts";
import { emptyObject, maxFileBytes, parseYaml, type YamlSource } from "./yaml-source.ts";

export interface ConfigFile extends YamlSource {
  readonly dir: string;
  /** Permission bits. */
  readonly mode: number;
  readonly locator: Locator;
}

/** @returns undefined if nobody named the file and it does not exist. */
export async function readConfigFile(place: ConfigPlace): Promise<ConfigFile | undefined> {
  const read = await readBounded(place);
  return read && configFileOf(read.text, place.path, read.mode);
}

/** The same for a text that is already here. */
export function configFileOf(text: string, path: string, mode = 0o600): ConfigFile {
  const source = parseYaml(text, path);
  // `key:` with nothing behind it counts as not set (Y4).
  const value = withoutNothing(source.value);
  const locator: Locator = { place: (at, ofKey) => ({ path, ...(ofKey ? source.placeOfKey(at) : source.placeOf(at)) }) };
  return { ...source, value, dir: dirname(path), mode, locator };
}

async function readBounded(place: ConfigPlace): Promise<{ text: string; mode: number } | undefined> {
  const refuse = (message: string, hint: string): never => {
    throw new ConfigError([{ path: place.path, key: "", message, hint }]);
  };
  try {
    const file = await open(place.path, "r");
    try {
      const stat = await file.stat();
      if (!stat.isFile()) refuse("is not a file", "name the YAML file");
      if (stat.size > maxFileBytes) refuse(`the file is larger than ${maxFileBytes} bytes`, "a configuration needs a few hundred");
      const bytes = Buffer.alloc(maxFileBytes + 1);
      let length = 0;
      for (let got = 1; got > 0 && length < bytes.length; length += got) got = (await file.read(bytes, length, bytes.length - length)).bytesRead;
      return { text: decode(bytes.subarray(0, length), place.path), mode: stat.mode & 0o777 };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && !place.named) return undefined;
    if (code === "ENOENT") return refuse("there is no such file", "create it with `sage config init`, or name another");
    return refuse(`cannot be read (${code ?? String(error)})`, "check the file's owner and mode");
  }
}

function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError([{ path, key: "", message: "is not UTF-8 text", hint: "save it as UTF-8" }]);
  }
}

function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([, one]) => one !== null);
  return Object.assign(emptyObject(), Object.fromEntries(kept.map(([key, one]) => [key, withoutNothing(one)])));
}

/** The keys of a file that hold a secret's text itself. */
export function inlineSecrets(dialect: Dialect, file: ConfigFile): KeyPath[] {
  const found: KeyPath[] = [];
  const look = (schema: KeySchema, value: unknown, path: KeyPath): void => {
    if (schema.secret && typeof value === "string") found.push(path);
    if (typeof value !== "object" || value === null) return;
    for (const [key, one] of Object.entries(value)) {
      const step = Array.isArray(value) ? Number(key) : key;
      const child = childOf(formFor(schema, value), value, step);
      if (child) look(child, one, [...path, step]);
    }
  };
  look(jsonSchema(dialect), file.value, []);
  return found;
}

/** Secrets in a file that others can read: a finding for each. */
export function exposedSecrets(dialect: Dialect, file: ConfigFile): ConfigFinding[] {
  if ((file.mode & 0o077) === 0) return [];
  const mode = file.mode.toString(8).padStart(4, "0");
  return inlineSecrets(dialect, file).map((path) => ({
    ...file.locator.place(path, true),
    key: dotted(path),
    message: `found a secret in a file that others can read (mode ${mode})`,
    hint: `run: chmod 600 ${file.path}`,
  }));
}
