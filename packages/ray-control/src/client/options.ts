// Options of actors, methods and tasks, in our words and in Ray's.

import { RayCommandError } from "../errors.ts";
import { PyFloat, pyCall } from "../pickle/python-values.ts";
import type { PlacementGroup } from "./placement-group.ts";

/** As in Ray's documentation: `{ env_vars: {…}, working_dir: "gcs://…", pip: […] }`. Paths on this machine are not uploaded. */
export type RuntimeEnv = Readonly<Record<string, unknown>>;

/** Where something runs: Ray's choice, spread over the nodes, on one node, or in a bundle of a placement group. */
export type SchedulingStrategy =
  | "DEFAULT"
  | "SPREAD"
  /** `soft`: elsewhere if the node is gone or too small; else it fails. */
  | { readonly nodeId: string; readonly soft: boolean }
  | { readonly placementGroup: PlacementGroup; readonly bundleIndex?: number; readonly captureChildTasks?: boolean };

export interface ResourceOptions {
  readonly numCpus?: number;
  readonly numGpus?: number;
  /** Custom resources, by name. */
  readonly resources?: Readonly<Record<string, number>>;
  /** Heap memory to reserve, in bytes. */
  readonly memoryBytes?: number;
  readonly acceleratorType?: string;
  /** Labels that the node must have (Ray 2.49 and later). */
  readonly labelSelector?: Readonly<Record<string, string>>;
  readonly runtimeEnv?: RuntimeEnv;
  readonly schedulingStrategy?: SchedulingStrategy;
  readonly name?: string;
}

export interface ActorOptions extends ResourceOptions {
  readonly namespace?: string;
  /** "detached": it outlives the session, and is found again by its name. */
  readonly lifetime?: "detached";
  /** Times that Ray starts it again after a crash; -1: always. Default 0. */
  readonly maxRestarts?: number;
  /** Times that Ray repeats a call which the actor's death cut short; -1: always. Default 0. */
  readonly maxTaskRetries?: number;
  /** Calls that run at once, in threads. Default 1. */
  readonly maxConcurrency?: number;
  /** Calls that may wait for the actor; -1: any number. */
  readonly maxPendingCalls?: number;
  /** Gives the actor that has the name already, if there is one. */
  readonly getIfExists?: boolean;
  readonly concurrencyGroups?: Readonly<Record<string, number>>;
}

export interface TaskOptions extends ResourceOptions {
  /** Objects that the function returns; default 1. */
  readonly numReturns?: number;
  /** Times that Ray repeats the task when its worker dies. Default 3. */
  readonly maxRetries?: number;
  /** Repeats the task also when it throws. */
  readonly retryExceptions?: boolean;
}

export interface MethodOptions {
  readonly numReturns?: number;
  readonly concurrencyGroup?: string;
  /** Shown by Ray's dashboard in the place of the method's name. */
  readonly name?: string;
}

type AnyOption = keyof ActorOptions | keyof TaskOptions | keyof MethodOptions;

/** Our name → Ray's. */
const names: Readonly<Record<AnyOption, string>> = {
  numCpus: "num_cpus", numGpus: "num_gpus", resources: "resources", memoryBytes: "memory", acceleratorType: "accelerator_type", labelSelector: "label_selector",
  runtimeEnv: "runtime_env", schedulingStrategy: "scheduling_strategy", name: "name", namespace: "namespace", lifetime: "lifetime", maxRestarts: "max_restarts",
  maxTaskRetries: "max_task_retries", maxConcurrency: "max_concurrency", maxPendingCalls: "max_pending_calls", getIfExists: "get_if_exists", concurrencyGroups: "concurrency_groups",
  numReturns: "num_returns", maxRetries: "max_retries", retryExceptions: "retry_exceptions", concurrencyGroup: "concurrency_group",
};

const amounts: ReadonlySet<string> = new Set(["numCpus", "numGpus"]);

/** The options as Ray takes them: by its own names, undefined ones left out. */
export function toRayOptions(options: ActorOptions | TaskOptions | MethodOptions): Record<string, unknown> {
  const taken = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(taken.map(([name, value]) => [names[name as AnyOption], rayValue(name, value)]));
}

/** The same for a driver that runs as a Ray Job: plain values. @throws RayCommandError for a placement group */
export function toDriverOptions(options: ActorOptions): Record<string, unknown> {
  const taken = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(taken.map(([name, value]) => {
    if (name === "schedulingStrategy" && typeof value === "object" && "placementGroup" in value) throw new RayCommandError("a driver that runs as a Ray Job takes no placement groups");
    return [names[name as AnyOption], value];
  }));
}

function rayValue(name: string, value: unknown): unknown {
  if (name === "schedulingStrategy") return strategy(value as SchedulingStrategy);
  return amounts.has(name) && typeof value === "number" ? new PyFloat(value) : value;
}

function strategy(value: SchedulingStrategy): unknown {
  if (typeof value === "string") return value;
  const module = "ray.util.scheduling_strategies";
  if ("nodeId" in value) return pyCall(module, "NodeAffinitySchedulingStrategy", value.nodeId, value.soft);
  const { placementGroup, bundleIndex = -1, captureChildTasks = false } = value;
  return pyCall(module, "PlacementGroupSchedulingStrategy", placementGroup.toPython(), bundleIndex, captureChildTasks);
}
