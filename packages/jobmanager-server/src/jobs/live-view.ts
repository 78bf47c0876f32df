// What is known of a running job's operators and services: the plan, filled with what workers report.

import { emptyInstance, type BlockView, type InstanceView, type OperatorView, type Plan, type ServiceView, type TaskMetrics } from "@sage/protocol";

export interface WorkerPlace {
  readonly workerId: string;
  readonly host: string;
  readonly pid: number;
}

export class LiveView {
  readonly #plan: Plan;
  readonly #chainNames: ReadonlyMap<string, string>;
  readonly #instances = new Map<string, InstanceView[]>();
  readonly #services = new Map<number, readonly ServiceView[]>();
  readonly #restarts: number;
  #workers = 0;

  /** @param restarts - how often the job was started again. */
  constructor(plan: Plan, restarts = 0) {
    this.#plan = plan;
    this.#restarts = restarts;
    this.#chainNames = new Map(plan.chains.flatMap((chain) => chain.nodes.map((id) => [id, chain.name] as const)));
    for (const node of plan.nodes) {
      this.#instances.set(node.id, Array.from({ length: node.parallelism }, (_, index) => ({ ...emptyInstance(index), restarts })));
    }
  }

  get workers(): number {
    return this.#workers;
  }

  /** Instance i of every operator runs on worker i. */
  placed(workerIndex: number, place: WorkerPlace): void {
    this.#workers++;
    for (const instances of this.#instances.values()) {
      const instance = instances[workerIndex];
      if (instance) instances[workerIndex] = { ...instance, ...place };
    }
  }

  gone(): void {
    this.#workers--;
  }

  report(workerIndex: number, tasks: readonly TaskMetrics[], services?: readonly ServiceView[]): void {
    for (const { nodeId, instance } of tasks) {
      const instances = this.#instances.get(nodeId);
      const known = instances?.[workerIndex];
      if (!instances || !known || !instance) continue;
      const { host, pid, workerId } = known;
      instances[workerIndex] = { ...instance, index: workerIndex, host, pid, workerId, restarts: this.#restarts };
    }
    if (services) this.#services.set(workerIndex, services.map((service) => ({ ...service, index: workerIndex })));
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
    return [...this.#services.values()].flat();
  }
}

/** Rates of an instance that does nothing any more. */
const atRest = { busyMsPerSecond: 0, backPressuredMsPerSecond: 0, idleMsPerSecond: 0, turnMsPerSecond: 0 };
