// What is known of a running job's operators and services: the plan, filled with what workers report.

import { systemClock, type Clock } from "@sage/core";
import { emptyInstance, instanceIn, type BlockView, type InstanceView, type OperatorView, type Plan, type ServiceView, type TaskMetrics } from "@sage/protocol";

export interface WorkerPlace {
  readonly workerId: string;
  readonly host: string;
  readonly pid: number;
}

interface Counted {
  readonly atMs: number;
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly rates: Pick<InstanceView, "recordsInPerSecond" | "recordsOutPerSecond">;
}

/** The shortest time over which a rate is taken. */
const rateOverMs = 500;

const nowhere = { parallelism: 0 };

export class LiveView {
  readonly #plan: Plan;
  readonly #chainNames: ReadonlyMap<string, string>;
  readonly #instances = new Map<string, InstanceView[]>();
  readonly #services = new Map<number, readonly ServiceView[]>();
  readonly #restarts: number;
  /** Of which counts the rates were made. */
  readonly #counted = new Map<string, Counted>();
  readonly #clock: Pick<Clock, "monotonicMs">;
  #workers = 0;

  /** @param restarts - how often the job was started again. */
  constructor(plan: Plan, restarts = 0, clock: Pick<Clock, "monotonicMs"> = systemClock) {
    this.#plan = plan;
    this.#clock = clock;
    this.#restarts = restarts;
    this.#chainNames = new Map(plan.chains.flatMap((chain) => chain.nodes.map((id) => [id, chain.name] as const)));
    for (const node of plan.nodes) {
      this.#instances.set(node.id, Array.from({ length: node.parallelism }, (_, index) => ({ ...emptyInstance(index), restarts })));
    }
  }

  get workers(): number {
    return this.#workers;
  }

  /** A worker says Hello. */
  placed(workerIndex: number, place: WorkerPlace): void {
    this.#workers++;
    for (const node of this.#plan.nodes) {
      const index = instanceIn(node, workerIndex);
      const instances = this.#instances.get(node.id)!;
      if (index !== undefined) instances[index] = { ...instances[index]!, ...place };
    }
  }

  gone(): void {
    this.#workers--;
  }

  report(workerIndex: number, tasks: readonly TaskMetrics[], services?: readonly ServiceView[]): void {
    for (const { nodeId, instance } of tasks) {
      const instances = this.#instances.get(nodeId);
      const index = instanceIn(this.#plan.nodes.find(({ id }) => id === nodeId) ?? nowhere, workerIndex);
      const known = index === undefined ? undefined : instances?.[index];
      if (!instances || index === undefined || !known || !instance) continue;
      const { host, pid, workerId } = known;
      instances[index] = { ...instance, ...this.#rates(nodeId, index, instance), index, host, pid, workerId, restarts: this.#restarts };
    }
    if (services) this.#services.set(workerIndex, services.map((service) => ({ ...service, index: workerIndex })));
  }

  #rates(nodeId: string, index: number, { state, recordsIn, recordsOut }: InstanceView): Pick<InstanceView, "recordsInPerSecond" | "recordsOutPerSecond"> {
    const key = `${nodeId} ${index}`;
    const [before, atMs] = [this.#counted.get(key), this.#clock.monotonicMs()];
    if (state !== "running") return { recordsInPerSecond: 0, recordsOutPerSecond: 0 };
    if (before && atMs - before.atMs < rateOverMs) return before.rates;
    const perSecond = (now: number, then: number) => (before ? Math.max(0, ((now - then) * 1_000) / (atMs - before.atMs)) : 0);
    const rates = { recordsInPerSecond: perSecond(recordsIn, before?.recordsIn ?? 0), recordsOutPerSecond: perSecond(recordsOut, before?.recordsOut ?? 0) };
    this.#counted.set(key, { atMs, recordsIn, recordsOut, rates });
    return rates;
  }

  /** An operator's instance blocks its worker; until the worker reports again. */
  blocked(workerIndex: number, operator: string, block: BlockView): void {
    for (const { id, name } of this.#plan.nodes) {
      const instances = this.#instances.get(id);
      const known = instances?.[workerIndex];
      if (name !== operator || !instances || !known) continue;
      instances[workerIndex] = { ...known, block, blocks: known.block?.atMs === block.atMs ? known.blocks : known.blocks + 1 };
    }
  }

  /** Sets the state of every instance that has not ended. */
  settle(state: string): void {
    for (const instances of this.#instances.values()) {
      instances.forEach((instance, index) => {
        if (instance.state === "created" || instance.state === "running") instances[index] = { ...instance, state, ...atRest };
      });
    }
  }

  operators(): readonly OperatorView[] {
    return this.#plan.nodes.map(({ id, name, kind }) => ({
      nodeId: id, name, kind, chain: this.#chainNames.get(id) ?? name, instances: [...(this.#instances.get(id) ?? [])],
    }));
  }

  services(): readonly ServiceView[] {
    return [...this.#services].sort(([one], [other]) => one - other).flatMap(([, services]) => services);
  }
}

/** Rates of an instance that does nothing any more. */
const atRest = { recordsInPerSecond: 0, recordsOutPerSecond: 0, busyMsPerSecond: 0, backPressuredMsPerSecond: 0, idleMsPerSecond: 0, turnMsPerSecond: 0 };
