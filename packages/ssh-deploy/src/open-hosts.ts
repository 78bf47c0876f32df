// From a host as it is configured to a connection: the SSH configuration is asked, jump hosts are opened once and
// shared, known_hosts, keys and the SSH configuration are read once.
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { Cleanup, type Logger } from "@sage/core";
import { connectSsh, type ConnectOptions, type SshConnection } from "./connection.ts";
import { dial } from "./dial.ts";
import type { HostKeyPolicy } from "./handshake.ts";
import type { HostKey } from "./host-key.ts";
import { judgeHostKey, type HostKeyVerdict } from "./known-hosts.ts";
import { readKnownHosts, trustHostKey } from "./known-hosts-file.ts";
import type { SshLogin } from "./login.ts";
import { PrivateKeys, type AskPassphrase } from "./private-keys.ts";
import { checkHostName } from "./safe-names.ts";
import { askSshConfig, readSshConfig, type SshConfigText } from "./ssh-config.ts";

export interface HostSpec {
  /** What reports call it. */
  readonly name: string;
  /** An alias of `~/.ssh/config`, a name, or an address. */
  readonly host: string;
  /** Unset: what `~/.ssh/config` says, else 22. */
  readonly port?: number;
  /** Tried in this order. No user: what `~/.ssh/config` says, else the local one. */
  readonly logins: readonly (Omit<SshLogin, "user"> & { readonly user?: string })[];
  /** The host to go through, `user@host:port`; unset: what `~/.ssh/config` says. */
  readonly jump?: string;
}

export interface SshSettings {
  /** Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Default 5,000. */
  readonly keepaliveIntervalMs?: number;
  /** Default `~/.ssh/known_hosts`. */
  readonly knownHostsPath?: string;
  /** Default `~/.ssh/config`. */
  readonly configPath?: string;
  /** Trust hosts that were never seen, and write their keys down; default false. */
  readonly acceptNew?: boolean;
  readonly agentSocket?: string;
  readonly askPassphrase?: AskPassphrase;
  readonly logger?: Logger;
  readonly onWarning?: (text: string) => void;
}

/** A host's key as it shows it now, and what known_hosts says of it. */
export interface ShownHostKey {
  readonly host: string;
  readonly port: number;
  readonly key: HostKey;
  readonly verdict: HostKeyVerdict;
}

/** Opens hosts; closing it closes the jump hosts that it opened on the way, not the hosts. */
export class HostOpener implements AsyncDisposable {
  readonly #settings: SshSettings;
  readonly #cleanup = new Cleanup();
  readonly #jumps = new Map<string, Promise<SshConnection>>();
  readonly #keys: PrivateKeys;
  #hostKeys: Promise<HostKeyPolicy> | undefined;
  #sshConfig: Promise<SshConfigText> | undefined;

  constructor(settings: SshSettings = {}) {
    this.#settings = settings;
    this.#keys = new PrivateKeys(settings.askPassphrase);
  }

  /** @throws whatever {@link connectSsh} throws. */
  async open(spec: HostSpec, signal?: AbortSignal): Promise<SshConnection> {
    return connectSsh(await this.#optionsFor(spec, signal, 0));
  }

  /** Asks a host for its key, without logging in. */
  async showKey(spec: HostSpec, signal?: AbortSignal): Promise<ShownHostKey> {
    const { host, port = 22, through, hostKeyAlias, hostKeys, connectTimeoutMs = 10_000 } = await this.#optionsFor(spec, signal, 0);
    const where = `${host}:${port}`;
    const stream = through ? await through.forward({ host, port }, signal) : await dial(host, port, where, connectTimeoutMs, signal);
    const { showHostKey } = await import("./handshake.ts");
    const key = await showHostKey(stream, where, connectTimeoutMs, signal);
    const known = { host: hostKeyAlias ?? host, port: hostKeyAlias === undefined ? port : 22 };
    return { ...known, key, verdict: judgeHostKey(hostKeys.entries, known.host, known.port, Buffer.from(key.base64, "base64")) };
  }

  /** Writes a key that was shown to known_hosts; it counts from then on. @returns whether it was new. */
  async trust(shown: ShownHostKey): Promise<boolean> {
    const written = await trustHostKey((await this.#policy()).path, shown.host, shown.port, shown.key);
    this.#hostKeys = undefined;
    return written;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#jumps.clear();
    await this.#cleanup[Symbol.asyncDispose]();
  }

  async #optionsFor(spec: HostSpec, signal: AbortSignal | undefined, depth: number): Promise<ConnectOptions> {
    const settings = this.#settings;
    checkHostName(spec.host);
    const said = await askSshConfig(spec.host, { text: await (this.#sshConfig ??= readSshConfig(settings.configPath)), ...(signal ? { signal } : {}) });
    const user = said.user ?? userInfo().username;
    const hops = spec.jump === undefined ? said.proxyJump : spec.jump.split(",");
    const agentSocket = said.identityAgent ?? settings.agentSocket;
    return {
      keys: this.#keys, name: spec.name, host: said.hostName, port: spec.port ?? said.port ?? 22, hostKeys: await this.#policy(),
      logins: spec.logins.map((login) => ({ ...login, user: login.user ?? user })),
      ...(said.hostKeyAlias === undefined ? {} : { hostKeyAlias: said.hostKeyAlias }),
      ...(hops.length === 0 ? {} : { through: await this.#jumpVia(hops, spec, depth) }),
      ...(said.identityFiles.length > 0 ? { usualKeyPaths: said.identityFiles } : {}),
      ...(agentSocket === undefined ? {} : { agentSocket }),
      ...(settings.connectTimeoutMs === undefined ? {} : { connectTimeoutMs: settings.connectTimeoutMs }),
      ...(settings.keepaliveIntervalMs === undefined ? {} : { keepaliveIntervalMs: settings.keepaliveIntervalMs }),
      ...(settings.logger === undefined ? {} : { logger: settings.logger }),
      ...(settings.onWarning === undefined ? {} : { onWarning: settings.onWarning }),
      ...(signal ? { signal } : {}),
    };
  }

  /** The last hop of a chain. Opened once for all hosts behind it, so no host's signal ends it. */
  async #jumpVia(hops: readonly string[], spec: HostSpec, depth: number): Promise<SshConnection> {
    if (depth > 7) throw new Error(`${spec.name}: more than 8 jump hosts in a row`);
    const key = hops.join(",");
    const open = this.#jumps.get(key);
    if (open && !(await open.then((jump) => jump.ended.aborted, () => true))) return open;
    const fresh = this.#openJump(hops, spec, depth);
    this.#jumps.set(key, fresh);
    fresh.then((jump) => this.#cleanup.use(jump), () => {});
    return fresh;
  }

  async #openJump(hops: readonly string[], spec: HostSpec, depth: number): Promise<SshConnection> {
    const last = hops.at(-1) ?? "";
    const [, user, host = "", port] = /^(?:([^@]+)@)?(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(last) ?? [];
    const options = await this.#optionsFor({
      name: last, host: host.replace(/^\[|\]$/g, ""), ...(port === undefined ? {} : { port: Number(port) }),
      logins: user === undefined ? spec.logins : spec.logins.map((login) => ({ ...login, user })),
      ...(hops.length > 1 ? { jump: hops.slice(0, -1).join(",") } : {}),
    }, undefined, depth + 1);
    return connectSsh(options);
  }

  #policy(): Promise<HostKeyPolicy> {
    this.#hostKeys ??= this.#readPolicy();
    return this.#hostKeys;
  }

  async #readPolicy(): Promise<HostKeyPolicy> {
    const path = this.#settings.knownHostsPath ?? join(homedir(), ".ssh", "known_hosts");
    return { path, entries: await readKnownHosts(path), ...(this.#settings.acceptNew === undefined ? {} : { acceptNew: this.#settings.acceptNew }) };
  }
}
