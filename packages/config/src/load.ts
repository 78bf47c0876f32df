// Loads Sage's configuration: flag > environment > file (named cluster over the keys at the top) > default, each value
// with its origin. Everything that is wrong is reported at once.
import { dirname } from "node:path";
import { nearest } from "@sage/core";
import { checkConfig } from "./checks.ts";
import { ConfigError, type ConfigFinding } from "./errors.ts";
import { fill } from "./fill.ts";
import { dotted, jsonSchema, typeOf, type KeyPath, type KeySchema } from "./json-schema.ts";
import { leafKeys } from "./keys.ts";
import { environmentLayer, fileLayer, flagLayer, valueAt, type Origin, type Setting } from "./layers.ts";
import { configPlace, pathFrom } from "./places.ts";
import { exposedSecrets, readConfigFile, type ConfigFile } from "./read-file.ts";
import type { SageConfig } from "./sage-schema.ts";
import { showValue } from "./show-value.ts";
import { validate, type Locator } from "./validate.ts";

export interface LoadOptions {
  /** The file; unset: `SAGE_CONFIG`, else `config.yaml` in `SAGE_HOME`, else `~/.sage/config.yaml`. */
  readonly path?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Values by dotted key ("daemon.port"); texts are read by the key's type, undefined counts as not given. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** The named cluster; unset: the flag, variable or key `cluster`. */
  readonly cluster?: string;
}

export interface LoadedConfig {
  readonly value: SageConfig;
  /** By dotted key, in the order of the schema. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly warnings: readonly ConfigFinding[];
  /** The file that was read; undefined if there is none. */
  readonly path?: string;
  /** The named cluster that was chosen. */
  readonly cluster?: string;
}

/** @throws {@link ConfigError} with every finding; also when a file was named and does not exist. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  return resolveConfig(await readConfigFile(configPlace(options.env, options.path)), options);
}

/** The same for a file that has been read, or none. Pure but for paths relative to the working directory. */
export function resolveConfig(file: ConfigFile | undefined, options: LoadOptions): LoadedConfig {
  if (file && isNokube(file)) throw otherDialect(file);
  const findings = file ? [...validate("sage", file.value, file.locator), ...exposedSecrets("sage", file)] : [];
  const environment = environmentLayer(options.env);
  const flags = flagLayer(options.flags ?? {});
  findings.push(...environment.findings, ...flags.findings);
  const named = chooseCluster(file, environment.settings, flags.settings, options.cluster);
  if (named.finding) findings.push(named.finding);
  const settings = new Map([...(file ? usable(fileLayer(file, named.cluster), findings) : []), ...environment.settings, ...flags.settings]);
  if (named.cluster !== undefined && options.cluster !== undefined) settings.set("cluster", { value: named.cluster, origin: { from: "flag", flag: "--cluster" } });

  const { value, origins } = assemble(settings, file, options.env);
  const checked = checkConfig(value, locatorFor(origins, file), origins);
  findings.push(...checked.findings);
  if (findings.length > 0) throw new ConfigError(findings.toSorted(inOrderOfFile));
  return {
    value,
    origins,
    warnings: [...checked.warnings, ...environment.warnings, ...withoutEffect(origins, locatorFor(origins, file))],
    ...(file === undefined ? {} : { path: file.path }),
    ...(named.cluster === undefined ? {} : { cluster: named.cluster }),
  };
}

/** Those of the file by line, then those of the environment and the flags. */
function inOrderOfFile(a: ConfigFinding, b: ConfigFinding): number {
  if (a.line === undefined || b.line === undefined) return Number(a.line === undefined) - Number(b.line === undefined);
  return a.line - b.line || (a.column ?? 0) - (b.column ?? 0);
}

export function isNokube(file: ConfigFile): boolean {
  return valueAt(file.value, ["nodes"]) !== undefined || valueAt(file.value, ["ray_spec"]) !== undefined;
}

function otherDialect(file: ConfigFile): ConfigError {
  return new ConfigError([{ path: file.path, line: 1, column: 1, key: "", message: "is a NoKube file", hint: "use it with `sage ray … --config`, or turn it into Sage's form: sage config convert" }]);
}

function chooseCluster(file: ConfigFile | undefined, environment: Map<string, Setting>, flags: Map<string, Setting>, option: string | undefined): { cluster?: string; finding?: ConfigFinding } {
  const setting = flags.get("cluster") ?? environment.get("cluster");
  const chosen = option ?? setting?.value ?? valueAt(file?.value, ["cluster"]);
  if (typeof chosen !== "string") return {};
  const names = namesOf(file);
  if (names.includes(chosen)) return { cluster: chosen };
  const near = nearest(chosen, names);
  const list = names.length === 0 ? "the file names no clusters" : `known clusters: ${names.join(", ")}`;
  const place = option !== undefined ? { path: "--cluster" } : setting ? placeOfOrigin(setting.origin) : (file?.locator.place(["cluster"], false) ?? { path: "cluster" });
  return { finding: { ...place, key: "cluster", message: `found ${showValue(chosen)}, which is not a named cluster`, hint: near === undefined ? list : `did you mean "${near}"?` } };
}

/** The clusters that a file names. */
export function namesOf(file: ConfigFile | undefined): string[] {
  const clusters = valueAt(file?.value, ["clusters"]);
  return typeOf(clusters) === "object" ? Object.keys(clusters as object) : [];
}

/** Settings that no finding concerns: the rest is still checked, so that all errors come at once. */
function usable(settings: Map<string, Setting>, findings: readonly ConfigFinding[]): Map<string, Setting> {
  const broken = new Set(findings.map((finding) => finding.key));
  const isBroken = (at: KeyPath) => [...broken].some((key) => key === dotted(at) || key.startsWith(`${dotted(at)}.`) || dotted(at).startsWith(`${key}.`));
  return new Map([...settings].filter(([, { origin }]) => origin.from !== "file" || !isBroken(origin.at)));
}

function assemble(settings: Map<string, Setting>, file: ConfigFile | undefined, env: NodeJS.ProcessEnv): { value: SageConfig; origins: Map<string, Origin> } {
  const origins = new Map<string, Origin>();
  const build = (schema: KeySchema, path: readonly string[]): unknown => {
    const key = dotted(path);
    if (schema.properties) {
      const built = Object.entries(schema.properties).map(([name, child]) => [name, build(child, [...path, name])] as const);
      return Object.fromEntries(built.filter(([, one]) => one !== undefined));
    }
    if (key === "clusters") return namesOf(file);
    const setting = settings.get(key);
    if (!setting && schema.default === undefined) return undefined;
    origins.set(key, setting?.origin ?? { from: "default" });
    if (!setting) return structuredClone(schema.default);
    return fill(schema, setting.value, { baseDir: setting.origin.from === "file" ? dirname(setting.origin.path) : process.cwd(), env });
  };
  const built = build(jsonSchema("sage"), []) as SageConfig;
  return { value: withDerived(built, origins, env), origins };
}

/** Defaults that follow from other keys. */
function withDerived(value: SageConfig, origins: Map<string, Origin>, env: NodeJS.ProcessEnv): SageConfig {
  const home = pathFrom(process.cwd(), value.home, env);
  if (origins.get("daemon.host")?.from !== "default" || value.head.host === undefined) return { ...value, home };
  origins.set("daemon.host", { from: "default", because: "head.host" });
  return { ...value, home, daemon: { ...value.daemon, host: value.head.host } };
}

/** Places a finding by the merged key: at its line in the file, or at its variable or flag. */
function locatorFor(origins: ReadonlyMap<string, Origin>, file: ConfigFile | undefined): Locator {
  return {
    place(path, ofKey) {
      for (let length = path.length; length > 0; length--) {
        const origin = origins.get(dotted(path.slice(0, length)));
        if (!origin) continue;
        if (origin.from === "file" && file) return file.locator.place([...origin.at, ...path.slice(length)], ofKey);
        return placeOfOrigin(origin);
      }
      return { path: file?.path ?? "configuration" };
    },
  };
}

function placeOfOrigin(origin: Origin): Pick<ConfigFinding, "path" | "line" | "column"> {
  if (origin.from === "file") return { path: origin.path, line: origin.line, column: origin.column };
  if (origin.from === "environment") return { path: origin.variable };
  return { path: origin.from === "flag" ? origin.flag : "default" };
}

function withoutEffect(origins: ReadonlyMap<string, Origin>, locator: Locator): ConfigFinding[] {
  const unused = leafKeys("sage").filter((key) => key.schema.deprecated && origins.has(dotted(key.path)));
  return unused.map((key) => ({ ...locator.place(key.path, true), key: dotted(key.path), message: "has no effect", hint: "remove it" }));
}
