// Reads NoKube's `ray-config.yaml`: validated, its nodes checked against one another, secrets as references.
import { parseAddress, sameHostKey } from "./addresses.ts";
import { maxTempDirLength } from "./checks.ts";
import { ConfigError, type ConfigFinding } from "./errors.ts";
import { fill } from "./fill.ts";
import { dotted, jsonSchema, type KeyPath } from "./json-schema.ts";
import { valueAt } from "./layers.ts";
import type { NokubeConfig, NokubeNode } from "./nokube-schema.ts";
import { exposedSecrets, type ConfigFile } from "./read-file.ts";
import { showValue } from "./show-value.ts";
import { validate } from "./validate.ts";

export interface LoadedNokube {
  readonly value: NokubeConfig;
  readonly warnings: readonly ConfigFinding[];
  readonly path: string;
}

/** Ray's port where a head names none, and where Ray's client server listens unless the head's port meets it. */
export const defaultRayPort = 6379;
export const defaultClientServerPort = 10_001;
/** Below `storage.path`. */
export const tempFolder = "tmp";

/**
 * A file with passwords that others can read is a warning here, not an error as in Sage's dialect: the guides' files
 * have passwords and no mode.
 *
 * @throws {@link ConfigError} with every finding.
 */
export function resolveNokube(file: ConfigFile, env: NodeJS.ProcessEnv): LoadedNokube {
  const findings = validate("nokube", file.value, file.locator);
  if (findings.some((finding) => finding.key === "nodes")) throw new ConfigError(findings);
  const note = (list: ConfigFinding[], path: KeyPath, message: string, hint?: string) => {
    list.push({ ...file.locator.place(path, false), key: dotted(path), message, ...(hint === undefined ? {} : { hint }) });
  };
  const warnings: ConfigFinding[] = exposedSecrets("nokube", file).filter((finding) => !isKeyPath(file, finding.key));
  checkNodes(file, (...args) => note(findings, ...args));
  if (findings.length > 0) throw new ConfigError(findings);
  const value = fill(jsonSchema("nokube"), file.value, { baseDir: file.dir, env }) as NokubeConfig;
  warn(value, (...args) => note(warnings, ...args));
  return { value, warnings, path: file.path };
}

type Note = (path: KeyPath, message: string, hint?: string) => void;

/** An `sshkey` that is a path or a public key is no secret. */
function isKeyPath(file: ConfigFile, key: string): boolean {
  const text = valueAt(file.value, key.split(".").map((part) => (/^[0-9]+$/.test(part) ? Number(part) : part)));
  return key.endsWith(".sshkey") && typeof text === "string" && !isPrivateKey(text);
}

/** Looks at the raw nodes, so that these findings come together with the schema's. */
function checkNodes(file: ConfigFile, refuse: Note): void {
  const nodes = valueAt(file.value, ["nodes"]) as readonly unknown[];
  const heads: number[] = [];
  const hosts = new Set<string>();
  for (const [i, node] of nodes.entries()) {
    if (valueAt(node, ["role"]) === "head") heads.push(i);
    const url = valueAt(node, ["ssh_url"]);
    const address = typeof url === "string" ? parseAddress(url) : undefined;
    const outOfRange = typeof url === "string" && !address && /^[^:]*:[0-9]{1,5}$|\]:[0-9]{1,5}$/.test(url);
    if (outOfRange) refuse(["nodes", i, "ssh_url"], `found ${showValue(url)}, allowed: a port from 1 to 65535`);
    if (!address) continue;
    if (hosts.has(sameHostKey(address))) refuse(["nodes", i, "ssh_url"], `found ${showValue(sameHostKey(address))} twice, allowed: each host once`, "remove one of the two");
    hosts.add(sameHostKey(address));
  }
  for (const i of heads.slice(1)) refuse(["nodes", i, "role"], "found a second head, allowed: exactly one", 'make it "worker"');
  if (heads.length === 0) refuse(["nodes"], "found no head, allowed: exactly one", "give one node `role: head`");
  const most = valueAt(file.value, ["ray_spec", "max_workers"]);
  const workers = nodes.length - heads.length;
  if (typeof most === "number" && workers > most) refuse(["ray_spec", "max_workers"], `found ${workers} workers, allowed: at most ${most}`, "raise the limit, or remove workers");
}

function warn(config: NokubeConfig, note: Note): void {
  for (const [i, node] of config.nodes.entries()) {
    if (node.role === "head") warnHead(config, node, i, note);
    else if (node.ray_config.port !== undefined) note(["nodes", i, "ray_config", "port"], "has no effect on a worker", "remove it");
    const path = node.storage.path;
    if (path !== undefined && path.length + 1 + tempFolder.length > maxTempDirLength) {
      note(["nodes", i, "storage", "path"], `has ${path.length} characters; Ray's sockets below it may pass the system's limit`, `use at most ${maxTempDirLength - 1 - tempFolder.length} characters`);
    }
    for (const [j, user] of (node.users ?? []).entries()) {
      if (user.password !== undefined) note(["nodes", i, "users", j, "password"], "a password is used to log in", "a key is safer: sshkey");
    }
  }
}

function warnHead(config: NokubeConfig, node: NokubeNode, i: number, note: Note): void {
  const { port, dashboard_port: dashboardPort } = node.ray_config;
  if (port === defaultClientServerPort) {
    note(["nodes", i, "ray_config", "port"], `found ${port}, where Ray's client server listens by default; it moves to ${port + 1}`, `${defaultRayPort} is Ray's own port`);
  }
  const shared = config.ray_spec.dashboard_port;
  if (dashboardPort !== undefined && dashboardPort !== shared && shared !== 8265) {
    note(["nodes", i, "ray_config", "dashboard_port"], `found ${dashboardPort}, and ${shared} in ray_spec; the node's own counts`, "keep one of the two");
  }
}

export function isPrivateKey(text: string): boolean {
  return text.includes("PRIVATE KEY-----");
}
