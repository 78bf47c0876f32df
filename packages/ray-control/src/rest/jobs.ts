// Ray Jobs: programs that the head runs.

import type { CallOptions } from "../client/limits.ts";
import type { RuntimeEnv } from "../client/options.ts";
import type { RestClient } from "./http.ts";
import { tailLog } from "./log-tail.ts";

export interface RayJobSpec {
  /** A shell command; it runs on the head, or on a node with the resources below. */
  readonly entrypoint: string;
  /** Default: made by Ray. Not one that was used before. */
  readonly submissionId?: string;
  readonly runtimeEnv?: RuntimeEnv;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly numCpus?: number;
  readonly numGpus?: number;
  readonly memoryBytes?: number;
  readonly resources?: Readonly<Record<string, number>>;
}

export type RayJobStatus = "PENDING" | "RUNNING" | "STOPPED" | "SUCCEEDED" | "FAILED";

export interface RayJob {
  readonly submissionId: string;
  readonly status: RayJobStatus;
  readonly entrypoint: string;
  /** What Ray says of the status. */
  readonly message: string;
  readonly errorType: string;
  /** Of the entrypoint, once it has ended. */
  readonly exitCode: number | undefined;
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Whether a job with this status is over. */
export const isOver = (status: RayJobStatus): boolean => status === "STOPPED" || status === "SUCCEEDED" || status === "FAILED";

type Row = Readonly<Record<string, unknown>>;

/** All methods reject with {@link RayRestError}: `SAGE_RAY_NOT_FOUND` for a job that does not exist. */
export class RayJobs {
  readonly #rest: RestClient;

  /** Made by {@link RayDashboard}. */
  constructor(rest: RestClient) {
    this.#rest = rest;
  }

  /** Gives the submission id as soon as Ray has it; the job then starts. */
  async submit({ entrypoint, submissionId, runtimeEnv, metadata, numCpus, numGpus, memoryBytes, resources }: RayJobSpec, options: CallOptions = {}): Promise<string> {
    const body = {
      entrypoint, submission_id: submissionId, runtime_env: runtimeEnv, metadata,
      entrypoint_num_cpus: numCpus, entrypoint_num_gpus: numGpus, entrypoint_memory: memoryBytes, entrypoint_resources: resources,
    };
    const answer = (await this.#rest.json({ method: "POST", path: "api/jobs/", body, ...options })) as Row;
    return text(answer["submission_id"]) || text(answer["job_id"]);
  }

  async get(submissionId: string, options: CallOptions = {}): Promise<RayJob> {
    return toJob((await this.#rest.json({ path: pathOf(submissionId), ...options })) as Row);
  }

  /** Submitted jobs; not the drivers that connected by themselves. */
  async list(options: CallOptions = {}): Promise<RayJob[]> {
    const rows = (await this.#rest.json({ path: "api/jobs/", ...options })) as Row[];
    return rows.filter((row) => text(row["submission_id"]) !== "").map(toJob);
  }

  /** Asks the job to stop (SIGTERM, after 3 s SIGKILL). Whether it was running. */
  async stop(submissionId: string, options: CallOptions = {}): Promise<boolean> {
    return ((await this.#rest.json({ method: "POST", path: `${pathOf(submissionId)}/stop`, ...options })) as Row)["stopped"] === true;
  }

  /** Forgets a job that is over; Ray answers with an error while it runs. */
  async delete(submissionId: string, options: CallOptions = {}): Promise<boolean> {
    return ((await this.#rest.json({ method: "DELETE", path: pathOf(submissionId), ...options })) as Row)["deleted"] === true;
  }

  /** All that the job has printed so far. */
  async logs(submissionId: string, options: CallOptions = {}): Promise<string> {
    return text(((await this.#rest.json({ path: `${pathOf(submissionId)}/logs`, ...options })) as Row)["logs"]);
  }

  /** What the job prints, from its beginning and until it ends, in pieces as they come (Ray looks about once a second). */
  async *follow(submissionId: string, options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<string, void, undefined> {
    const url = this.#rest.url(`${pathOf(submissionId)}/logs/tail`);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    let seenChars = 0;
    for await (const piece of tailLog(url, this.#rest.headers(), options.signal)) {
      seenChars += piece.length;
      yield piece;
    }
    // Ray may end the stream before it has sent what was written last.
    const rest = (await this.logs(submissionId, options)).slice(seenChars);
    if (rest !== "") yield rest;
  }
}

const pathOf = (submissionId: string): string => `api/jobs/${encodeURIComponent(submissionId)}`;

function toJob(row: Row): RayJob {
  const number = (name: string) => (typeof row[name] === "number" ? row[name] : undefined);
  return {
    submissionId: text(row["submission_id"]), status: row["status"] as RayJobStatus, entrypoint: text(row["entrypoint"]), message: text(row["message"]), errorType: text(row["error_type"]),
    exitCode: number("driver_exit_code"), startedAtMs: number("start_time"), endedAtMs: number("end_time"), metadata: (row["metadata"] ?? {}) as Record<string, string>,
  };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
