// The dashboard's view of the cluster: version, health, nodes, actors with their causes of death, packages.

import type { CallOptions } from "../client/limits.ts";
import { RayRestError } from "../errors.ts";
import { RestClient, type RestOptions } from "./http.ts";
import { RayJobs } from "./jobs.ts";
import { packageName } from "./packages.ts";
import { parseNodeUse, type NodeUse } from "./usage.ts";

export interface DashboardNode {
  readonly nodeId: string;
  readonly isAlive: boolean;
  readonly isHead: boolean;
  readonly ip: string;
  readonly name: string;
  /** By Ray's names, as they were given. */
  readonly resources: Readonly<Record<string, number>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Why it is dead; empty while it lives. */
  readonly stateMessage: string;
}

export interface DashboardActor {
  readonly actorId: string;
  readonly state: "DEPENDENCIES_UNREADY" | "PENDING_CREATION" | "ALIVE" | "RESTARTING" | "DEAD";
  readonly className: string;
  readonly name: string;
  readonly namespace: string;
  readonly jobId: string;
  readonly nodeId: string;
  readonly pid: number;
  readonly restarts: number;
  readonly isDetached: boolean;
  /** In Ray's words, of a dead actor; empty else. */
  readonly deathCause: string;
}

export interface ActorFilter {
  readonly actorId?: string;
  readonly state?: DashboardActor["state"];
  readonly name?: string;
  readonly namespace?: string;
  readonly jobId?: string;
  readonly className?: string;
  /** At most so many; default 10,000, which is Ray's limit. */
  readonly limit?: number;
}

/** A package may hold Node itself, and go a long way. */
const uploadTimeoutMs = 300_000;

type Row = Readonly<Record<string, unknown>>;

export class RayDashboard {
  readonly jobs: RayJobs;
  readonly #rest: RestClient;

  /** @param url - `http://host:8265` */
  constructor(url: string, options: RestOptions = {}) {
    this.#rest = new RestClient(url, options);
    this.jobs = new RayJobs(this.#rest);
  }

  /** Old versions tell no session name. */
  async version(options: CallOptions = {}): Promise<{ rayVersion: string; rayCommit: string; sessionName: string }> {
    const { ray_version, ray_commit, session_name } = (await this.#rest.json({ path: "api/version", ...options })) as Row;
    return { rayVersion: textOf(ray_version), rayCommit: textOf(ray_commit), sessionName: textOf(session_name) };
  }

  /** Whether the cluster's control store answers; false also if the dashboard says that it does not. Asks for no token. */
  async isHealthy(options: CallOptions = {}): Promise<boolean> {
    try {
      return (await this.#rest.send({ path: "api/gcs_healthz", ...options })).toString().includes("success");
    } catch (error) {
      if (error instanceof RayRestError && error.status >= 500) return false;
      throw error;
    }
  }

  async nodes(options: CallOptions = {}): Promise<DashboardNode[]> {
    return (await this.#state("nodes", {}, options)).map((row) => ({
      nodeId: textOf(row["node_id"]), isAlive: row["state"] === "ALIVE", isHead: row["is_head_node"] === true, ip: textOf(row["node_ip"]), name: textOf(row["node_name"]),
      resources: (row["resources_total"] ?? {}) as Record<string, number>, labels: (row["labels"] ?? {}) as Record<string, string>, stateMessage: textOf(row["state_message"]),
    }));
  }

  /** What each node uses of its resources and of its machine. Nodes that are dead are left out. */
  async usage(options: CallOptions = {}): Promise<NodeUse[]> {
    const { data } = (await this.#rest.json({ path: "nodes?view=summary", ...options })) as { data?: Row };
    return parseNodeUse(data ?? {});
  }

  async actors({ limit = 10_000, ...filter }: ActorFilter = {}, options: CallOptions = {}): Promise<DashboardActor[]> {
    const keys = { actor_id: filter.actorId, state: filter.state, name: filter.name, ray_namespace: filter.namespace, job_id: filter.jobId, class_name: filter.className };
    return (await this.#state("actors", keys, { limit, ...options })).map(toActor);
  }

  /** What the autoscaler last printed: what `ray status` shows. */
  async clusterStatus(options: CallOptions = {}): Promise<string> {
    const { data } = (await this.#rest.json({ path: "api/cluster_status", ...options })) as { data?: Row };
    return textOf(data?.["autoscalingStatus"] ?? data?.["clusterStatus"]);
  }

  /** Uploads a zip for `runtimeEnv` unless it is there; gives its URI. Ray takes at most 100 MiB this way. */
  async uploadPackage(zip: Uint8Array, options: CallOptions = {}): Promise<string> {
    const name = packageName(zip);
    if (!(await this.hasPackage(`gcs://${name}`, options))) await this.#rest.send({ method: "PUT", path: `api/packages/gcs/${name}`, body: zip, timeoutMs: uploadTimeoutMs, ...options });
    return `gcs://${name}`;
  }

  async hasPackage(uri: string, options: CallOptions = {}): Promise<boolean> {
    try {
      await this.#rest.send({ path: `api/packages/gcs/${encodeURIComponent(uri.replace(/^gcs:\/\//, ""))}`, ...options });
      return true;
    } catch (error) {
      if (error instanceof RayRestError && error.status === 404) return false;
      throw error;
    }
  }

  /** Rows of Ray's State API. */
  async #state(what: "nodes" | "actors", filters: Readonly<Record<string, string | undefined>>, { limit = 10_000, ...options }: CallOptions & { readonly limit?: number }): Promise<Row[]> {
    const set = Object.entries(filters).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const query = new URLSearchParams({ limit: String(limit), detail: "true" });
    for (const [key, value] of set) {
      query.append("filter_keys", key);
      query.append("filter_predicates", "=");
      query.append("filter_values", value);
    }
    const answer = (await this.#rest.json({ path: `api/v0/${what}?${query.toString()}`, ...options })) as { data?: { result?: { result?: Row[] } } };
    return answer.data?.result?.result ?? [];
  }
}

function toActor(row: Row): DashboardActor {
  return {
    actorId: textOf(row["actor_id"]), state: row["state"] as DashboardActor["state"], className: textOf(row["class_name"]), name: textOf(row["name"]), namespace: textOf(row["ray_namespace"]),
    jobId: textOf(row["job_id"]), nodeId: textOf(row["node_id"]), pid: Number(row["pid"] ?? 0), restarts: Number(row["num_restarts"] ?? 0), isDetached: row["is_detached"] === true,
    deathCause: row["state"] === "DEAD" ? deathCause(row["death_cause"]) : "",
  };
}

/** The message inside Ray's nested contexts, whichever is set. */
function deathCause(cause: unknown): string {
  if (typeof cause === "string") return cause;
  if (typeof cause !== "object" || cause === null) return "";
  const fields = Object.entries(cause as Row);
  const message = fields.find(([name, value]) => /^(error_message|errorMessage|formatted_exception_string|formattedExceptionString)$/.test(name) && typeof value === "string")?.[1];
  return (message as string | undefined) ?? fields.map(([, value]) => (typeof value === "object" ? deathCause(value) : "")).find((text) => text !== "") ?? "";
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
