// What a schema cannot say: hosts and ports that meet one another, limits that are passed, choices that are unsafe.
import { isLoopback } from "@sage/core";
import { parseAddress, sameHostKey } from "./addresses.ts";
import type { ConfigFinding } from "./errors.ts";
import { dotted, type KeyPath } from "./json-schema.ts";
import type { Origin } from "./layers.ts";
import type { SageConfig } from "./sage-schema.ts";
import { showValue } from "./show-value.ts";
import type { Locator } from "./validate.ts";
import { entriesOf, workerEntries, type WorkerEntry } from "./worker-list.ts";

// Ray makes sockets at TEMP/session_<41 characters>/sockets/plasma_store; a Unix socket's path has at most 107 bytes.
export const maxTempDirLength = 44;
const systemFolders = /^\/+(|bin|boot|dev|etc|home|lib|lib64|opt|proc|root|run|sbin|srv|sys|tmp|usr|var|var\/tmp)\/*$|^~\/*$/;

export interface Checked {
  readonly findings: ConfigFinding[];
  readonly warnings: ConfigFinding[];
}

/** Says what is wrong, or doubtful, in a configuration whose every key is well formed. */
export function checkConfig(config: SageConfig, locator: Locator, origins: ReadonlyMap<string, Origin>): Checked {
  const checked: Checked = { findings: [], warnings: [] };
  const note = (list: ConfigFinding[], path: KeyPath, message: string, hint?: string) => {
    list.push({ ...locator.place(path, false), key: dotted(path), message, ...(hint === undefined ? {} : { hint }) });
  };
  const refuse: Note = (...args) => note(checked.findings, ...args);
  const warn: Note = (...args) => note(checked.warnings, ...args);
  checkHosts(config, refuse, warn);
  checkPorts(config, origins, refuse, warn);
  checkFolders(config, warn);
  checkDoors(config, origins, refuse, warn);
  return checked;
}

type Note = (path: KeyPath, message: string, hint?: string) => void;

function checkHosts(config: SageConfig, refuse: Note, warn: Note): void {
  const lists = [entriesOf(config.ssh.workers ?? [], ["ssh", "workers"]), entriesOf(config.workers_ssh_hosts ?? [], ["workers_ssh_hosts"])];
  for (const list of lists) checkList(list, config, refuse);
  if (lists.every((list) => list.length > 0)) warn(["workers_ssh_hosts"], "workers are listed here and in ssh.workers; both lists count", "keep one of the two");
  const count = workerEntries(config).length;
  const most = config.limits.max_workers;
  if (most !== undefined && count > most) refuse(["limits", "max_workers"], `found ${count} workers, allowed: at most ${most}`, "raise the limit, or remove workers");
  for (const path of [["ssh", "jump_host"], ["head", "jump_host"]] as const) {
    const text = path[0] === "ssh" ? config.ssh.jump_host : config.head.jump_host;
    if (text !== undefined && !parseAddress(text)) refuse(path, `found ${showValue(text)}, allowed: a port from 1 to 65535`);
  }
}

function checkList(list: readonly WorkerEntry[], config: SageConfig, refuse: Note): void {
  const { host } = config.head;
  const head = host === undefined ? undefined : sameHostKey({ host, port: config.head.ssh_port });
  const seen = new Set<string>();
  for (const { at, text, address, setting } of list) {
    if (!address) {
      refuse(at, `found ${showValue(text)}, allowed: a port from 1 to 65535`);
      continue;
    }
    const key = sameHostKey(address);
    if (seen.has(key)) refuse(at, `found ${showValue(key)} twice, allowed: each host once`, "remove one of the two");
    if (key === head) refuse(at, `found ${showValue(key)}, which is the head`, "remove it from the workers: the head works too");
    if (setting?.jump_host !== undefined && !parseAddress(setting.jump_host)) refuse([...at, "jump_host"], `found ${showValue(setting.jump_host)}, allowed: a port from 1 to 65535`);
    seen.add(key);
  }
}

function checkPorts(config: SageConfig, origins: ReadonlyMap<string, Origin>, refuse: Note, warn: Note): void {
  const clientServerMoves = origins.get("ray.client_server_port")?.from === "default" && config.head.head_port === config.ray.client_server_port;
  if (clientServerMoves) warn(["head", "head_port"], `found ${config.head.head_port}, where Ray's client server listens by default; it moves to ${config.head.head_port + 1}`, "6379 is Ray's own port");
  const ports: readonly (readonly [readonly string[], number])[] = [
    [["head", "head_port"], config.head.head_port],
    [["head", "dashboard_port"], config.head.dashboard_port],
    ...(clientServerMoves ? [] : [[["ray", "client_server_port"], config.ray.client_server_port] as const]),
    [["daemon", "port"], config.daemon.port],
    [["daemon", "http_port"], config.daemon.http_port],
    ...(config.daemon.workers_port === undefined ? [] : [[["daemon", "workers_port"], config.daemon.workers_port] as const]),
  ];
  const onHead = config.head.host === undefined || config.daemon.host === config.head.host;
  const isDefault = (path: readonly string[]) => origins.get(dotted(path))?.from === "default";
  const [from = 0, to = 0] = config.daemon.data_ports?.split("-").map(Number) ?? [1, 1];
  if (from < 1 || to < from || to > 65_535) refuse(["daemon", "data_ports"], `found ${showValue(config.daemon.data_ports)}, allowed: FROM-TO, ports from 1 to 65535, the smaller first`);
  const taken = new Map<number, readonly string[]>();
  for (const [path, port] of onHead ? ports : ports.filter(([path]) => path[0] !== "daemon")) {
    const other = taken.get(port);
    taken.set(port, path);
    if (!other) continue;
    const [at, rival] = isDefault(path) ? [other, path] : [path, other];
    refuse(at, `found port ${port}, which ${dotted(rival)} has too`, "give each its own port");
  }
}

function checkFolders(config: SageConfig, warn: Note): void {
  const folders: (readonly [KeyPath, string])[] = [[["head", "temp_dir"], config.head.temp_dir], [["worker", "temp_dir"], config.worker.temp_dir]];
  for (const { at, setting } of workerEntries(config)) if (setting?.temp_dir !== undefined) folders.push([[...at, "temp_dir"], setting.temp_dir]);
  for (const [path, folder] of folders) {
    if (folder.length > maxTempDirLength) warn(path, `has ${folder.length} characters; Ray's sockets below it may pass the system's limit`, `use at most ${maxTempDirLength} characters`);
    if (systemFolders.test(folder)) warn(path, `found ${showValue(folder)}, a folder of the system; Sage never clears it`, "use a folder of its own, such as /var/tmp/ray");
  }
}

function checkDoors(config: SageConfig, origins: ReadonlyMap<string, Origin>, refuse: Note, warn: Note): void {
  const { tls } = config.daemon;
  for (const [cert, key] of [["cert_file", "key_file"], ["client_cert_file", "client_key_file"]] as const) {
    if ((tls[cert] === undefined) === (tls[key] === undefined)) continue;
    const [there, missing] = tls[cert] === undefined ? [key, cert] : [cert, key];
    refuse(["daemon", "tls", there], `is set without ${missing}`, "set both, or neither");
  }
  if (tls.mode === "off" && !isLoopback(config.daemon.bind_host)) {
    warn(["daemon", "tls", "mode"], `the daemon listens on ${config.daemon.bind_host} in clear text: who listens in on the network reads its token`, "use auto, or daemon.bind_host 127.0.0.1");
  }
  if (config.head.dashboard_host === "0.0.0.0" || config.head.dashboard_host === "::") {
    warn(["head", "dashboard_host"], "shows Ray's dashboard, where anyone can run code, to everyone who can reach the head", "use 127.0.0.1 and `sage tunnel`");
  }
  for (const path of [["ssh", "password"], ["head", "password"]] as const) {
    if (origins.has(dotted(path))) warn(path, "a password is used to log in", "a key is safer: ssh.key_path");
  }
  for (const { at, setting } of workerEntries(config)) {
    if (setting?.password !== undefined) warn([...at, "password"], "a password is used to log in", "a key is safer: key_path");
  }
}
