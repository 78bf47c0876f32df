// The layers that a configuration is made of: file, named cluster, environment, flags. Each gives settings by key;
// a later layer replaces an earlier one key by key, and every setting remembers where it came from.
import { nearest } from "@sage/core";
import type { ConfigFinding } from "./errors.ts";
import { dotted, typeOf, type KeyPath, type KeySchema } from "./json-schema.ts";
import { leafKeys, walkKeys, type Key } from "./keys.ts";
import type { ConfigFile } from "./read-file.ts";
import { validate, type Locator } from "./validate.ts";
import { parseYaml } from "./yaml-source.ts";

export type Origin =
  | { readonly from: "default"; readonly because?: string }
  /** `at` is the key's own path in the file: `clusters.prod.head.host` for `head.host`. */
  | { readonly from: "file"; readonly path: string; readonly line: number; readonly column: number; readonly at: KeyPath }
  | { readonly from: "environment"; readonly variable: string }
  | { readonly from: "flag"; readonly flag: string };

export interface Setting {
  readonly value: unknown;
  readonly origin: Origin;
}

export interface Layer {
  /** Dotted key → setting. */
  readonly settings: Map<string, Setting>;
  readonly findings: ConfigFinding[];
  readonly warnings: ConfigFinding[];
}

// A named cluster that forgot its hosts must not act on those of another one.
const neverInherited = new Set(["head.host", "workers_ssh_hosts", "ssh.workers", "daemon.host", "daemon.advertise_host", "daemon.token", "daemon.token_file", "ray.address"]);

/** What the file sets, seen from a cluster: the keys at the top, and over them those of the named cluster. */
export function fileLayer(file: ConfigFile, cluster: string | undefined): Map<string, Setting> {
  const settings = new Map<string, Setting>();
  for (const key of leafKeys("sage")) {
    const name = dotted(key.path);
    if (key.path[0] === "clusters") continue;
    if (cluster === undefined || !neverInherited.has(name)) addFrom(file, settings, key, key.path);
    if (cluster !== undefined) addFrom(file, settings, key, ["clusters", cluster, ...key.path]);
  }
  return settings;
}

function addFrom(file: ConfigFile, settings: Map<string, Setting>, key: Key, at: KeyPath): void {
  const value = valueAt(file.value, at);
  if (value === undefined) return;
  settings.set(dotted(key.path), { value, origin: { from: "file", path: file.path, ...file.placeOf(at), at } });
}

/** What the environment sets. An empty variable counts as unset. */
export function environmentLayer(env: NodeJS.ProcessEnv): Layer {
  const layer: Layer = { settings: new Map(), findings: [], warnings: [] };
  const known = new Set<string>(otherVariables);
  for (const key of leafKeys("sage")) {
    if (key.variable === undefined) continue;
    known.add(key.variable);
    const text = env[key.variable];
    if (text) addText(layer, key, text, { from: "environment", variable: key.variable }, key.variable);
  }
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith("SAGE_") || known.has(variable)) continue;
    const near = nearest(variable, [...known]);
    if (near !== undefined) layer.warnings.push({ path: variable, key: "", message: "is not a variable that Sage reads", hint: `did you mean ${near}?` });
  }
  return layer;
}

// Variables with a meaning of their own, which are no keys.
const otherVariables = ["SAGE_CONFIG", "SAGE_DEBUG"];

/** What the command line sets, by dotted key. Texts are read by the key's type; undefined counts as not given. */
export function flagLayer(flags: Readonly<Record<string, unknown>>): Layer {
  const layer: Layer = { settings: new Map(), findings: [], warnings: [] };
  const keys = new Map(leafKeys("sage").map((key) => [dotted(key.path), key]));
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined) continue;
    const key = keys.get(name);
    const label = `--${name}`;
    if (!key || key.path[0] === "clusters") layer.findings.push({ path: label, key: name, ...unknownFlag(name) });
    else if (typeof value === "string") addText(layer, key, value, { from: "flag", flag: label }, label);
    else add(layer, key, value, { from: "flag", flag: label }, label);
  }
  return layer;
}

function unknownFlag(name: string): { message: string; hint?: string } {
  const near = nearest(name, walkKeys("sage").filter((key) => !key.isSection).map((key) => dotted(key.path)));
  return { message: "is not a known key", ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }) };
}

function addText(layer: Layer, key: Key, text: string, origin: Origin, label: string): void {
  add(layer, key, readText(key.schema, text), origin, label);
}

function add(layer: Layer, key: Key, value: unknown, origin: Origin, label: string): void {
  const locator: Locator = { place: () => ({ path: label }) };
  const findings = validate("sage", nested(key.path, value), locator);
  if (findings.length > 0) layer.findings.push(...findings);
  else layer.settings.set(dotted(key.path), { value, origin });
}

/**
 * A text as the key's type wants it: numbers and booleans as such, lists as `a,b` or `[a, b]`, names as `{a: 1}`.
 * What does not fit stays text, for the validator to refuse.
 */
export function readText(schema: KeySchema, text: string): unknown {
  const types = schema.anyOf?.map((form) => form.type) ?? [schema.type];
  if (types.includes("integer") || types.includes("number")) {
    if (/^-?[0-9]{1,15}(\.[0-9]{1,15})?$/.test(text)) return Number(text);
  }
  if (types.includes("boolean") && (text === "true" || text === "false")) return text === "true";
  if ((types.includes("array") && text.startsWith("[")) || (types.includes("object") && text.startsWith("{"))) return readYaml(text);
  if (types.includes("array") && !types.includes("string")) return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
  return text;
}

function readYaml(text: string): unknown {
  try {
    const value = parseYaml(`value: ${text}`, "").value as Readonly<Record<string, unknown>>;
    return Object.keys(value).length === 1 ? value["value"] : text;
  } catch {
    return text;
  }
}

/** `["daemon", "port"]` and 1 → `{ daemon: { port: 1 } }`. */
export function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}

/** The value at a path; undefined where there is none. Looks at own properties only. */
export function valueAt(value: unknown, path: KeyPath): unknown {
  let here = value;
  for (const key of path) {
    if (typeOf(here) !== "object" && typeOf(here) !== "array") return undefined;
    if (!Object.hasOwn(here as object, key)) return undefined;
    here = (here as Readonly<Record<string | number, unknown>>)[key];
  }
  return here;
}
