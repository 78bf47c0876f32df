// Adds and removes worker hosts in a configuration file, in whichever form it lists them.
import { formatAddress, parseAddress, sameHostKey, splitList, type Address } from "./addresses.ts";
import type { Change } from "./edit-text.ts";
import { edit, type EditResult, type EditTarget } from "./edit.ts";
import { ConfigError } from "./errors.ts";
import type { KeyPath } from "./json-schema.ts";
import { valueAt } from "./layers.ts";
import { isNokube } from "./load.ts";
import type { ConfigFile } from "./read-file.ts";
import { showValue } from "./show-value.ts";

export interface WorkerEdit extends EditTarget {
  /** The named cluster whose list is edited; unset: the list at the top. */
  readonly cluster?: string;
}

/**
 * Adds a worker, `HOST[:PORT]`. The list that is in use grows: `ssh.workers` if it has hosts, else `workers_ssh_hosts`,
 * as text or as list. A host that is already there changes nothing.
 *
 * @throws {@link ConfigError} if the address is not one, or the file would not load (a limit passed, say).
 */
export async function addWorker(target: WorkerEdit, address: string): Promise<EditResult> {
  const wanted = parsed(address);
  return edit(target, (file) => {
    requireSage(file);
    const [sshWorkers, hosts] = listPaths(target.cluster);
    const inSsh = valueAt(file.value, sshWorkers);
    const inHosts = valueAt(file.value, hosts);
    if ([...itemsOf(inSsh), ...itemsOf(inHosts)].some((item) => isSame(item, wanted))) return undefined;
    const text = formatAddress(wanted);
    if (Array.isArray(inSsh) && inSsh.length > 0) return { op: "append", path: sshWorkers, value: text };
    if (Array.isArray(inHosts)) return inHosts.length > 0 ? { op: "append", path: hosts, value: text } : { op: "set", path: hosts, value: [text] };
    const before = typeof inHosts === "string" ? splitList(inHosts) : [];
    return { op: "set", path: hosts, value: [...before, text].join(",") };
  });
}

/** Removes a worker from the list that holds it. `changed` is false if none does. */
export async function removeWorker(target: WorkerEdit, address: string): Promise<EditResult> {
  const wanted = parsed(address);
  const lists = listPaths(target.cluster);
  const first = await edit(target, (file) => removal(file, lists[0], wanted));
  const second = await edit(target, (file) => removal(file, lists[1], wanted));
  return first.changed ? first : second;
}

function removal(file: ConfigFile, path: KeyPath, wanted: Address): Change | undefined {
  requireSage(file);
  const list = valueAt(file.value, path);
  const index = itemsOf(list).findIndex((item) => isSame(item, wanted));
  if (index === -1) return undefined;
  if (Array.isArray(list)) return list.length === 1 ? { op: "set", path, value: [] } : { op: "remove", path: [...path, index] };
  return { op: "set", path, value: itemsOf(list).filter((_, i) => i !== index).join(",") };
}

function listPaths(cluster: string | undefined): readonly [KeyPath, KeyPath] {
  const root = cluster === undefined ? [] : ["clusters", cluster];
  return [[...root, "ssh", "workers"], [...root, "workers_ssh_hosts"]];
}

function itemsOf(list: unknown): readonly unknown[] {
  if (typeof list === "string") return splitList(list);
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}

function isSame(item: unknown, wanted: Address): boolean {
  const address = typeof item === "string" ? parseAddress(item) : addressOf(item);
  return address !== undefined && sameHostKey(address) === sameHostKey(wanted);
}

function addressOf(item: unknown): Address | undefined {
  const host = valueAt(item, ["host"]);
  const port = valueAt(item, ["port"]) ?? 22;
  return typeof host === "string" && typeof port === "number" ? { host, port } : undefined;
}

function parsed(text: string): Address {
  const address = parseAddress(text);
  if (address) return address;
  throw new ConfigError([{ path: "argument", key: "", message: `found ${showValue(text)}, allowed: HOST or HOST:PORT`, hint: "for example sage5:22" }]);
}

function requireSage(file: ConfigFile): void {
  if (!isNokube(file)) return;
  throw new ConfigError([{ path: file.path, key: "nodes", message: "is a NoKube file, which Sage does not edit", hint: "edit its nodes, or turn it into Sage's form: sage config convert" }]);
}
