// Ray's own commands for a host, as data: nothing runs here, and no value meets a shell unquoted (core/command.ts).
// Paths are absolute, for a quoted `~` is just a letter to a shell.

import { cmd, type Command, type CommandEnv } from "@sage/core";
import { RayCommandError } from "./errors.ts";

/** Where `ray` is: a command (a path or a name), in a venv, or in a conda environment. */
export type RayProgram =
  | { readonly rayCommand: string }
  | { readonly venv: string }
  /** The environment's name, or its path. `condaCommand` defaults to `conda`, which needs a PATH that has it. */
  | { readonly condaEnv: string; readonly condaCommand?: string };

export interface HealthCheck {
  /** Pause between checks, in milliseconds. */
  readonly periodMs: number;
  /** How long a check may take, in milliseconds. Silence costs failures × (period + timeout). */
  readonly timeoutMs: number;
  readonly failures: number;
}

/** Ports of a node; what is left out, Ray chooses. */
export interface NodePorts {
  readonly nodeManager?: number;
  readonly objectManager?: number;
  readonly runtimeEnvAgent?: number;
  readonly dashboardAgentGrpc?: number;
  readonly dashboardAgentHttp?: number;
  readonly metricsExport?: number;
  readonly minWorker?: number;
  readonly maxWorker?: number;
}

export interface RayNodeSettings {
  readonly program: RayProgram;
  /** The node's address in the cluster. */
  readonly nodeAddress?: string;
  /** What Ray's dashboard calls the node; default: its address. */
  readonly nodeName?: string;
  /** Ray's folder for sessions and sockets: absolute, at most 44 characters. Before 2.50, joining nodes use the head's. */
  readonly tempDir?: string;
  readonly ports?: NodePorts;
  readonly cpus?: number;
  readonly gpus?: number;
  readonly memoryBytes?: number;
  readonly objectStoreBytes?: number;
  /** Custom resources, by name. */
  readonly resources?: Readonly<Record<string, number>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Token mode (Ray 2.52 and later): the file on the host that holds the token. */
  readonly tokenPath?: string;
  /** Proxies and the like, for Ray and all that it starts. */
  readonly env?: CommandEnv;
  /** Stays in the foreground until Ray ends. */
  readonly block?: boolean;
}

export interface RayHeadSettings extends RayNodeSettings {
  /** Ray's own port (GCS); default 6379. 0: any. */
  readonly port?: number;
  /** Default 10001. */
  readonly clientServerPort?: number;
  readonly dashboardPort?: number;
  /** Default 127.0.0.1: the dashboard asks nobody for a password. */
  readonly dashboardHost?: string;
  readonly healthCheck?: HealthCheck;
}

export interface RayJoinSettings extends RayNodeSettings {
  /** `host:port` of the head. */
  readonly headAddress: string;
}

/** `ray start --head`. */
export function rayStartHead(settings: RayHeadSettings): Command {
  const { port = 6_379, clientServerPort = 10_001, dashboardPort = 8_265, dashboardHost = "127.0.0.1", healthCheck } = settings;
  return rayCommand(settings.program, [
    "start", "--head", ...flag("port", port), ...flag("ray-client-server-port", clientServerPort),
    "--include-dashboard", "true", ...flag("dashboard-host", dashboardHost), ...flag("dashboard-port", dashboardPort), ...nodeFlags(settings),
  ], {
    // Ray's client server forks while gRPC is active: else 4 to 10 % of sessions fail to start (ray-project/ray#63202).
    GRPC_ENABLE_FORK_SUPPORT: "0", ...(healthCheck ? healthEnv(healthCheck) : {}), ...nodeEnv(settings),
  });
}

/** `ray start --address`. */
export function rayJoin(settings: RayJoinSettings): Command {
  return rayCommand(settings.program, ["start", ...flag("address", settings.headAddress), ...nodeFlags(settings)], nodeEnv(settings));
}

/** `ray stop`: ends every Ray of this user on the host, which may be more than one's own. */
export function rayStop({ program, graceSeconds, force = false }: { readonly program: RayProgram; readonly graceSeconds?: number; readonly force?: boolean }): Command {
  return rayCommand(program, ["stop", ...(force ? ["--force"] : []), ...flag("grace-period", graceSeconds)]);
}

/** `ray status`: lags by some seconds; to wait for a node, ask `session.nodes()` or the dashboard. */
export function rayStatus({ program, address, tokenPath }: { readonly program: RayProgram; readonly address?: string; readonly tokenPath?: string }): Command {
  return rayCommand(program, ["status", ...flag("address", address)], tokenEnv(tokenPath));
}

/**
 * `ray drain-node`, run on any node: the node gets no new work, and its raylet ends by itself once it is idle. Hidden in
 * Ray's help; there from 2.10 on, absent in 2.9.
 */
export function rayDrainNode({ program, address, nodeId, message, deadlineSeconds, tokenPath }: {
  readonly program: RayProgram; readonly address: string; readonly nodeId: string;
  /** Shown as the reason why the node is gone. */
  readonly message: string;
  /** Shown to autoscalers; Ray itself does nothing at it. */
  readonly deadlineSeconds: number; readonly tokenPath?: string;
}): Command {
  return rayCommand(program, [
    "drain-node", ...flag("address", address), ...flag("node-id", nodeId), "--reason", "DRAIN_NODE_REASON_PREEMPTION",
    ...flag("reason-message", message), ...flag("deadline-remaining-seconds", deadlineSeconds),
  ], tokenEnv(tokenPath));
}

export function rayVersion(program: RayProgram): Command {
  return rayCommand(program, ["--version"]);
}

function rayCommand(program: RayProgram, words: readonly string[], env: CommandEnv = {}): Command {
  return cmd([...programWords(program), ...words], { env });
}

function programWords(program: RayProgram): string[] {
  if ("rayCommand" in program) return [program.rayCommand];
  if ("venv" in program) return [`${program.venv.replace(/\/+$/, "")}/bin/ray`];
  const { condaEnv, condaCommand = "conda" } = program;
  return [condaCommand, "run", "--no-capture-output", condaEnv.includes("/") ? "--prefix" : "--name", condaEnv, "ray"];
}

function nodeFlags(settings: RayNodeSettings): string[] {
  const { ports = {}, resources, labels, tempDir } = settings;
  checkTempDir(tempDir);
  return [
    ...flag("node-ip-address", settings.nodeAddress), ...flag("node-name", settings.nodeName), ...flag("temp-dir", tempDir),
    ...flag("node-manager-port", ports.nodeManager), ...flag("object-manager-port", ports.objectManager), ...flag("runtime-env-agent-port", ports.runtimeEnvAgent),
    ...flag("dashboard-agent-grpc-port", ports.dashboardAgentGrpc), ...flag("dashboard-agent-listen-port", ports.dashboardAgentHttp), ...flag("metrics-export-port", ports.metricsExport),
    ...flag("min-worker-port", ports.minWorker), ...flag("max-worker-port", ports.maxWorker),
    ...flag("num-cpus", settings.cpus), ...flag("num-gpus", settings.gpus), ...flag("memory", settings.memoryBytes), ...flag("object-store-memory", settings.objectStoreBytes),
    ...json("resources", resources), ...json("labels", labels),
    "--disable-usage-stats", ...(settings.block ? ["--block"] : []),
  ];
}

const flag = (name: string, value: string | number | undefined): string[] => (value === undefined ? [] : [`--${name}`, String(value)]);

const json = (name: string, value: Readonly<Record<string, unknown>> | undefined): string[] =>
  value && Object.keys(value).length > 0 ? [`--${name}`, JSON.stringify(value)] : [];

function nodeEnv({ env, tokenPath }: RayNodeSettings): CommandEnv {
  // What a worker's child has started ends with the worker.
  return { RAY_process_group_cleanup_enabled: "1", ...tokenEnv(tokenPath), ...env };
}

const tokenEnv = (path: string | undefined): Record<string, string> => (path === undefined ? {} : { RAY_AUTH_MODE: "token", RAY_AUTH_TOKEN_PATH: path });

function healthEnv({ periodMs, timeoutMs, failures }: HealthCheck): Record<string, string> {
  return {
    RAY_health_check_initial_delay_ms: String(periodMs), RAY_health_check_period_ms: String(periodMs),
    RAY_health_check_timeout_ms: String(timeoutMs), RAY_health_check_failure_threshold: String(failures),
  };
}

/** Ray puts sockets below it, and the path of a socket has at most 107 bytes. */
function checkTempDir(path: string | undefined): void {
  if (path === undefined) return;
  if (!path.startsWith("/")) throw new RayCommandError(`Ray's temp dir ${JSON.stringify(path)} is not absolute`);
  if (Buffer.byteLength(path) > 44) throw new RayCommandError(`Ray's temp dir ${JSON.stringify(path)} has more than 44 characters`);
}
