// What a page and the daemon's websocket say to each other; jobmanager-server's gateway/README.md is the contract.
//
// Rules: a client gives each subscription a number of its own. Of a subscription at most one `data` is under way: the
// client acknowledges it when it has shown it, and is then sent the newest, not what has been in between. Only log
// lines are never left out: they wait on the daemon's disk.

import type { JobSampleJson } from "./delays.ts";
import type { JobJson, LogJson, Rfc3339, ServerInfoJson } from "./job-json.ts";

/** In the path of the http door and in the websocket's hello; grows when a client has to change. */
export const gatewayVersion = 1;

export interface ErrorJson {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export type SubscribeRequest =
  /** Every job that is not deleted, then what changes of them. */
  | { readonly topic: "jobs" }
  /** One job, whole, whenever it changes. */
  | { readonly topic: "job"; readonly jobId: string }
  /** The daemon and its host, every 2 s. */
  | { readonly topic: "server" }
  /** Lines of a job's log, then new ones until it has ended. */
  | {
      readonly topic: "logs";
      readonly jobId: string;
      /** Only lines behind this number. */
      readonly afterSeq?: number;
      /** Only the last n of the lines there are. */
      readonly tail?: number;
      readonly operator?: string;
      readonly level?: string;
    };

export type GatewayClientMessage =
  | ({ readonly type: "subscribe"; readonly id: number } & SubscribeRequest)
  | { readonly type: "unsubscribe"; readonly id: number }
  | { readonly type: "ack"; readonly id: number };

/** A job in a list: without its operators, services, history and plan. */
export type JobRowJson = Omit<JobJson, "operators" | "services" | "history" | "plan" | "checkpoints" | "restarts">;

/** A job with what only the daemon remembers of it. */
export interface JobDetailJson {
  /** When the numbers were read, by the daemon's clock. */
  readonly atMs: number;
  readonly job: JobJson;
  /** What has been so far, in the first message only, one about every second or, of long lives, less often. */
  readonly samples?: readonly JobSampleJson[];
}

export interface HostJson {
  readonly name: string;
  readonly platform: string;
  readonly cpus: number;
  readonly cpuModel: string;
  /** Runnable tasks over 1, 5 and 15 minutes. */
  readonly load: readonly number[];
  readonly memoryBytes: number;
  readonly memoryFreeBytes: number;
  /** Of the file system with the daemon's home; null where the system does not say. */
  readonly disk: { readonly sizeBytes: number; readonly freeBytes: number } | null;
  readonly uptimeMs: number;
}

/** A process that runs instance `index` of a job's operators. */
export interface WorkerJson {
  readonly workerId: string;
  readonly host: string;
  readonly pid: number;
  readonly jobId: string;
  readonly job: string;
  readonly index: number;
}

/** What was looked at on a host, and what came of it; as `sage doctor --json` says it. */
export interface FindingJson {
  readonly host: string;
  readonly check: string;
  readonly state: "ok" | "warning" | "failed";
  readonly what: string;
  /** Empty: nothing to do. */
  readonly fix: string;
}

export interface DoctorJson {
  readonly at: Rfc3339;
  readonly findings: readonly FindingJson[];
}

export interface RayResourceJson {
  /** By Ray's names: CPU, GPU, memory and object_store_memory in bytes, custom ones. */
  readonly name: string;
  readonly total: number;
  /** Null: this Ray does not say. */
  readonly used: number | null;
}

export interface RayNodeJson {
  readonly nodeId: string;
  readonly host: string;
  readonly address: string;
  readonly isHead: boolean;
  readonly isAlive: boolean;
  /** Why it is dead; empty while it lives. */
  readonly why: string;
  readonly resources: readonly RayResourceJson[];
  /** What the machine itself has and uses, where Ray's agent reports it; null else. */
  readonly machine: {
    readonly cpus: number;
    /** Of all its CPUs, 0 to 1. */
    readonly cpuRatio: number;
    readonly memoryBytes: number;
    readonly memoryUsedBytes: number;
    readonly diskBytes: number;
    readonly diskUsedBytes: number;
    /** How far its clock is ahead of the daemon's, to a few seconds. */
    readonly clockAheadMs: number;
  } | null;
}

/** The Ray cluster that the daemon was told of, or runs workers on. */
export interface RayJson {
  readonly state: "up" | "unreachable";
  readonly version: string;
  /** Where the daemon reaches Ray's own dashboard; empty: it does not know. */
  readonly dashboardUrl: string;
  /** Where the token is that this dashboard may ask for: a path on the daemon's host, or words; empty: there is none. */
  readonly tokenPlace: string;
  /** Why it is not reached; empty else. */
  readonly why: string;
  readonly nodes: readonly RayNodeJson[];
  /** Of the whole cluster. */
  readonly resources: readonly RayResourceJson[];
}

export interface ServerJson extends ServerInfoJson {
  readonly now: string;
  readonly nodeVersion: string;
  /** Memory and CPU time of the daemon's own process. */
  readonly residentBytes: number;
  readonly cpuMs: number;
  readonly host: HostJson;
  readonly workers: readonly WorkerJson[];
  /** Null: the daemon knows of no Ray. */
  readonly ray: RayJson | null;
  /** What the daemon finds of its own machine now. */
  readonly findings: readonly FindingJson[];
  /** What `sage doctor` last found, from outside; null: it has not looked. */
  readonly doctor: DoctorJson | null;
  /** What `POST /api/v1/actions` takes. */
  readonly actions: readonly string[];
}

export type GatewayServerMessage =
  | { readonly type: "hello"; readonly version: number; readonly server: ServerJson }
  | { readonly type: "data"; readonly id: number; readonly topic: "jobs"; readonly atMs: number; readonly jobs: readonly JobRowJson[]; readonly removed: readonly string[]; readonly whole: boolean }
  | ({ readonly type: "data"; readonly id: number; readonly topic: "job" } & JobDetailJson)
  | { readonly type: "data"; readonly id: number; readonly topic: "server"; readonly server: ServerJson }
  | { readonly type: "data"; readonly id: number; readonly topic: "logs"; readonly lines: readonly LogJson[] }
  /** Nothing more comes of this subscription. */
  | { readonly type: "end"; readonly id: number }
  /** The subscription has failed and is over; without an id the message was not understood. */
  | { readonly type: "error"; readonly id?: number; readonly error: ErrorJson };

export interface ActionRequest {
  readonly action: string;
  readonly jobIds: readonly string[];
  /** For `continue` and `rescale`. */
  readonly parallelism?: number;
  /** For `continue`. */
  readonly checkpointId?: number;
}

/** One for each job that was asked for, in that order. */
export interface ActionOutcome {
  readonly jobId: string;
  readonly ok: boolean;
  readonly job?: JobRowJson;
  readonly error?: ErrorJson;
}
