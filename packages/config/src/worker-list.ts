// The worker hosts of a configuration, whichever of its forms they are written in.
import { parseAddress, splitList, type Address } from "./addresses.ts";
import type { KeyPath } from "./json-schema.ts";
import type { SageConfig, WorkerHostSetting } from "./sage-schema.ts";

export interface WorkerEntry {
  /** Where it is written, by the merged key: `workers_ssh_hosts.1`; of the text form, the text's own key. */
  readonly at: KeyPath;
  /** As it is written. */
  readonly text: string;
  /** Undefined if the port is out of range. */
  readonly address?: Address;
  /** What else a section says of the host. */
  readonly setting?: WorkerHostSetting;
}

/** Both lists, `ssh.workers` first. A host that stands in both is there once. */
export function workerEntries(config: SageConfig): WorkerEntry[] {
  const first = entriesOf(config.ssh.workers ?? [], ["ssh", "workers"]);
  const second = entriesOf(config.workers_ssh_hosts ?? [], ["workers_ssh_hosts"]);
  const known = new Set(first.map((entry) => keyOf(entry)));
  return [...first, ...second.filter((entry) => !known.has(keyOf(entry)))];
}

/** The entries of one list. */
export function entriesOf(list: string | readonly (string | WorkerHostSetting)[], at: KeyPath): WorkerEntry[] {
  if (typeof list === "string") return splitList(list).map((text) => entryOf(text, at));
  return list.map((item, i) => entryOf(item, [...at, i]));
}

function entryOf(item: string | WorkerHostSetting, at: KeyPath): WorkerEntry {
  if (typeof item === "string") {
    const address = parseAddress(item);
    return { at, text: item, ...(address === undefined ? {} : { address }) };
  }
  const address: Address = { host: item.host, port: item.port, ...(item.user === undefined ? {} : { user: item.user }) };
  return { at, text: item.host, address, setting: item };
}

function keyOf(entry: WorkerEntry): string {
  return entry.address === undefined ? entry.text : `${entry.address.host.toLowerCase()}:${entry.address.port}`;
}
