// One command's hold on a cluster: its hosts, opened when they are first used and kept until the end.
//
// Invariants:
//   S1. A host has at most one connection. One that was lost is opened anew at its next use.
//   S2. Secrets of a host are fetched when it is opened: one that is missing fails that host alone.
import { hostname, networkInterfaces } from "node:os";
import { formatAddress, readSecret, sageHome, type Cluster, type ClusterHost } from "@sage/config";
import { Cleanup, isLoopback, systemClock, toDisplay, type Clock, type Logger } from "@sage/core";
import { HostOpener, localHost, onEachHost, toHostSpec, toSshSettings, type FleetEvent, type FleetReport, type Host, type HostTask } from "@sage/ssh-deploy";
import { HostNotFoundError } from "./errors.ts";
import { daemonHomeOn, usualHome } from "./layout.ts";

/** A host with the one name that reports use for it. */
export interface Target {
  readonly name: string;
  /** `host:port`, or `this machine`. */
  readonly where: string;
  readonly host: ClusterHost;
  readonly isLocal: boolean;
  /** The folder of a daemon there. */
  readonly daemonHome: string;
}

export interface SessionOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Hears every remote command with its output; secrets are hidden. */
  readonly logger?: Logger;
  readonly onEvent?: (event: FleetEvent) => void;
  readonly onWarning?: (text: string) => void;
  readonly clock?: Clock;
  /** Hosts worked on at a time; default: `ssh.max_parallel`. */
  readonly concurrency?: number;
}

type Open = Host & { readonly ended?: AbortSignal };

export class ClusterSession implements AsyncDisposable {
  readonly cluster: Cluster;
  readonly head: Target;
  readonly workers: readonly Target[];
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly opener: HostOpener;
  readonly env: NodeJS.ProcessEnv;
  readonly #options: SessionOptions;
  readonly #open = new Map<Target, Promise<Open>>();
  readonly #cleanup = new Cleanup();

  constructor(cluster: Cluster, options: SessionOptions) {
    this.#options = options;
    this.signal = options.signal;
    this.env = options.env;
    this.clock = options.clock ?? systemClock;
    const own = ownAddresses();
    const at = <H extends ClusterHost>(host: H): H => (isThisMachine(host, cluster.head.rayPort, own) ? inOwnHome(host, options.env) : host);
    this.cluster = { ...cluster, head: at(cluster.head), workers: cluster.workers.map(at) };
    const all = [this.cluster.head, ...this.cluster.workers];
    const targets = all.map((host) => toTarget(host, all, cluster.head.rayPort, own, options.env));
    this.head = targets[0]!;
    this.workers = targets.slice(1);
    const { logger, onWarning } = options;
    this.opener = new HostOpener({ ...toSshSettings(cluster.ssh), ...(logger ? { logger } : {}), ...(onWarning ? { onWarning } : {}), ...(options.env["SSH_AUTH_SOCK"] ? { agentSocket: options.env["SSH_AUTH_SOCK"] } : {}) });
    this.#cleanup.use(this.opener);
  }

  get targets(): readonly Target[] {
    return [this.head, ...this.workers];
  }

  /** By its name, host, or `host:port`. @throws HostNotFoundError */
  find(name: string): Target {
    const found = this.targets.find((target) => [target.name, target.host.name, target.host.host, keyOf(target.host), `${target.host.host}:${target.host.port}`].includes(name));
    if (!found) throw new HostNotFoundError(name, this.targets.map((target) => target.name));
    return found;
  }

  /** @throws whatever opening a connection throws. */
  async host(target: Target, signal: AbortSignal = this.signal): Promise<Host> {
    const kept = await this.#open.get(target)?.catch(() => undefined);
    if (kept && kept.ended?.aborted !== true) return kept; // S1
    const opening = this.#connect(target, signal);
    this.#open.set(target, opening);
    return opening;
  }

  /** Works on hosts at once; what fails on one is in the report, and stops no other. */
  each<T>(targets: readonly Target[], work: (host: Host, task: HostTask & { readonly target: Target }) => Promise<T>, options: { readonly deadlineMs?: number; readonly signal?: AbortSignal } = {}): Promise<FleetReport<T>> {
    const { onEvent, concurrency = this.cluster.ssh.maxParallel } = this.#options;
    return onEachHost(targets, async (target, task) => work(await this.host(target, task.signal), { ...task, target }), {
      concurrency, signal: options.signal ?? this.signal, clock: this.clock, ...(onEvent ? { onEvent } : {}), ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const hosts = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    await Promise.all(hosts.flatMap((one) => (one.status === "fulfilled" ? [one.value[Symbol.asyncDispose]()] : [])));
    await this.#cleanup[Symbol.asyncDispose]();
  }

  async #connect(target: Target, signal: AbortSignal): Promise<Open> {
    if (target.isLocal) return withLog(localHost(target.name, this.env), this.#options.logger);
    const spec = await toHostSpec(target.host, (ref) => readSecret(ref, this.env)); // S2
    return this.opener.open({ ...spec, name: target.name }, signal);
  }
}

/** What Ray calls the node, and how one host is told from another: its host, with the port where it is not 22. */
export const keyOf = (host: Pick<ClusterHost, "host" | "port">): string => (host.port === 22 ? host.host : formatAddress({ host: host.host, port: host.port }));

function toTarget(host: ClusterHost, all: readonly ClusterHost[], rayPort: number, own: ReadonlySet<string>, env: NodeJS.ProcessEnv): Target {
  const isLocal = isThisMachine(host, rayPort, own);
  const twins = all.filter((other) => other.name === host.name).length > 1;
  return { name: twins ? `${host.name} (${keyOf(host)})` : host.name, where: isLocal ? "this machine" : `${host.host}:${host.port}`, host, isLocal, daemonHome: daemonHomeOn(host, isLocal ? env["SAGE_HOME"] && sageHome(env) : undefined) };
}

/** On this machine Sage's usual folder is the caller's, `SAGE_HOME`. */
const inOwnHome = <H extends ClusterHost>(host: H, env: NodeJS.ProcessEnv): H => (host.sageHome === usualHome && env["SAGE_HOME"] ? { ...host, sageHome: sageHome(env) } : host);

/** A port that Ray will listen on cannot be sshd's: NoKube's local example names it so. */
function isThisMachine({ host, port }: ClusterHost, rayPort: number, own: ReadonlySet<string>): boolean {
  if (port !== 22 && !(isLoopback(host) && port === rayPort)) return false;
  return isLoopback(host) || own.has(host);
}

/** The names and addresses of this machine. Asked once: it takes a millisecond where there are many interfaces. */
const ownAddresses = (): Set<string> => new Set([hostname(), ...Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map(({ address }) => address) ?? [])]);

function withLog(host: Host, logger: Logger | undefined): Host {
  if (!logger) return host;
  return {
    name: host.name, where: host.where,
    upload: (path, content, options) => host.upload(path, content, options),
    forward: (to, signal) => host.forward(to, signal),
    async run(command, options) {
      const result = await host.run(command, options);
      logger.debug("local command", { host: host.name, command: toDisplay(command), exitCode: result.exitCode, stdout: options?.hidesOutput === true ? "[hidden]" : result.stdout, stderr: result.stderr });
      return result;
    },
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}
