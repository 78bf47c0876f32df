// What a job's page knows: the job as it is now, its plan, and the rates that follow from what it was before.

import { delaysOf, type ErrorJson, type JobJson, type JobSampleJson } from "@sage/protocol/json";
import { useEffect, useMemo } from "preact/hooks";
import type { Connection, DataMessage } from "../connection.ts";
import { asPlan, type PlanShape } from "../graph/plan-graph.ts";
import { Rates } from "../rates.ts";
import { Store } from "../store.ts";

type Instance = JobJson["operators"][number]["instances"][number];

export interface InstanceLoad {
  /** Part of the time, 0 to 1; undefined: not measured. */
  readonly busy: number | undefined;
  readonly backPressured: number | undefined;
  readonly idle: number | undefined;
}

export interface OperatorNumbers extends InstanceLoad {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly inRate: number | undefined;
  readonly outRate: number | undefined;
  readonly errors: number;
  /** The state of most weight: failed, running, created, cancelled, finished. */
  readonly state: string;
  readonly progress: number | undefined;
  /** How far the watermark of its slowest instance is behind, in ms; undefined: no event time. */
  readonly lagMs: number | undefined;
  /** Batches that wait in its inputs. */
  readonly queued: number;
  readonly stateBytes: number;
  readonly stateKeys: number;
}

export interface JobState {
  readonly job: JobJson | undefined;
  readonly plan: PlanShape | undefined;
  readonly numbers: ReadonlyMap<string, OperatorNumbers>;
  readonly error: ErrorJson | undefined;
}

const stateOrder = ["failed", "running", "created", "cancelled", "finished"];
const mostSamples = 1_024;

export class JobModel {
  readonly state = new Store<JobState>({ job: undefined, plan: undefined, numbers: new Map(), error: undefined });
  samples: JobSampleJson[] = [];
  readonly #rates = new Rates();

  apply({ job, atMs, samples }: Extract<DataMessage, { readonly topic: "job" }>): void {
    const plan = job.plan === undefined ? this.state.value.plan : asPlan(job.plan);
    if (samples) this.samples = [...samples];
    this.#addSample(atMs, job);
    for (const { nodeId, instances } of job.operators) {
      for (const instance of instances) {
        for (const field of ["recordsIn", "recordsOut"] as const) this.#rates.add(`${nodeId} ${instance.index} ${field}`, atMs, instance[field]);
      }
    }
    for (const { name, index, answered, latencyTotalMs } of job.services) {
      this.#rates.add(`service ${name} ${index} answered`, atMs, answered);
      this.#rates.add(`service ${name} ${index} waited`, atMs, latencyTotalMs);
    }
    this.state.set({ job, plan, numbers: new Map(job.operators.map((operator) => [operator.nodeId, this.#numbersOf(job, operator)])), error: undefined });
  }

  fail(error: ErrorJson): void {
    this.state.set({ ...this.state.value, error });
  }

  #addSample(atMs: number, job: JobJson): void {
    const { status, records } = job;
    const last = this.samples.at(-1);
    if (status === "initializing" || (last && (atMs - last[0] < 950 || (status !== "running" && last[1] === records)))) return;
    const { latencyMs, lagMs } = delaysOf(job);
    this.samples = [...(this.samples.length > mostSamples ? this.samples.filter((_, index) => index % 2 === 0) : this.samples), [atMs, records, latencyMs, lagMs]];
  }

  /** Records per second of one instance; undefined unless it runs. */
  rate(nodeId: string, { index, state }: Instance, field: "recordsIn" | "recordsOut"): number | undefined {
    return state === "running" ? this.#rates.of(`${nodeId} ${index} ${field}`) : undefined;
  }

  /** Mean time from a call to its answer over the last seconds, in ms; undefined: none was answered. */
  serviceLatencyMs({ name, index }: JobJson["services"][number]): number | undefined {
    const [answered, waited] = [this.#rates.of(`service ${name} ${index} answered`), this.#rates.of(`service ${name} ${index} waited`)];
    return answered === undefined || waited === undefined || answered === 0 ? undefined : waited / answered;
  }

  #numbersOf(job: JobJson, { nodeId, name, instances }: JobJson["operators"][number]): OperatorNumbers {
    const sum = (value: (instance: Instance) => number | undefined): number | undefined =>
      instances.reduce<number | undefined>((total, instance) => {
        const one = value(instance);
        return one === undefined ? total : (total ?? 0) + one;
      }, undefined);
    const running = job.status === "running";
    const loads = instances.map(loadOf);
    const mean = (values: readonly (number | undefined)[]) => {
      const known = values.filter((value): value is number => value !== undefined);
      return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0) / known.length;
    };
    const known = instances.filter(({ progress }) => progress >= 0);
    const lags = instances.filter(({ hasWatermark, state }) => hasWatermark && state === "running").map(({ watermarkLagMs }) => Math.max(0, watermarkLagMs));
    return {
      recordsIn: sum(({ recordsIn }) => recordsIn) ?? 0,
      recordsOut: sum(({ recordsOut }) => recordsOut) ?? 0,
      inRate: running ? sum((instance) => this.rate(nodeId, instance, "recordsIn")) : undefined,
      outRate: running ? sum((instance) => this.rate(nodeId, instance, "recordsOut")) : undefined,
      errors: sum(({ skipped, deadLettered }) => skipped + deadLettered) ?? 0,
      state: stateOf(job, name, instances),
      progress: known.length === 0 ? undefined : known.reduce((total, { progress }) => total + progress, 0) / known.length,
      lagMs: lags.length === 0 ? undefined : Math.max(...lags),
      queued: sum(({ queuedBatches }) => queuedBatches) ?? 0, stateBytes: sum(({ stateBytes }) => stateBytes) ?? 0, stateKeys: sum(({ stateKeys }) => stateKeys) ?? 0,
      busy: mean(loads.map(({ busy }) => busy)), backPressured: mean(loads.map(({ backPressured }) => backPressured)), idle: mean(loads.map(({ idle }) => idle)),
    };
  }
}

function stateOf(job: JobJson, name: string, instances: readonly Instance[]): string {
  return shownState(job, name, stateOrder.find((each) => instances.some((instance) => instance.state === each)) ?? "created");
}

/**
 * Of a failed job one operator has failed: the others ended with it, whatever their workers say. Of a job that stops, or
 * has stopped, none has: the workers were ended.
 */
export function shownState({ status, failure }: Pick<JobJson, "status" | "failure">, name: string, state: string): string {
  if ((status === "stopped" || status === "stopping") && state === "failed") return "cancelled";
  if (status !== "failed" || !failure || failure.operator === "") return state;
  return failure.operator === name ? "failed" : state === "failed" ? "cancelled" : state;
}

/** What an instance did with the last second; nothing is known of one that does not run. */
export function loadOf({ state, busyMsPerSecond, backPressuredMsPerSecond, idleMsPerSecond }: Instance): InstanceLoad {
  const all = busyMsPerSecond + backPressuredMsPerSecond + idleMsPerSecond;
  const part = (value: number) => (state === "running" && all > 0 ? value / all : undefined);
  return { busy: part(busyMsPerSecond), backPressured: part(backPressuredMsPerSecond), idle: part(idleMsPerSecond) };
}

/** A model that follows the job as long as its page is there. */
export function useJobModel(connection: Connection, jobId: string): JobModel {
  const model = useMemo(() => new JobModel(), [jobId]);
  useEffect(() => connection.subscribe({
    request: () => ({ topic: "job", jobId }),
    onData: (message) => { if (message.topic === "job") model.apply(message); },
    onError: (error) => model.fail(error),
  }), [connection, model, jobId]);
  return model;
}
