// What is known of a running job's operators and services: the plan, filled with what workers report.

import type { InstanceView, OperatorView, Plan, ServiceView, TaskMetrics } from "@sage/protocol";

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
  #workers = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#chainNames = new Map(plan.chains.flatMap((chain) => chain.nodes.map((id) => [id, chain.name] as const)));
    for (const node of plan.nodes) {
      this.#instances.set(node.id, Array.from({ length: node.parallelism }, (_, index) => emptyInstance(index)));
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
      instances[workerIndex] = { ...instance, index: workerIndex, host, pid, workerId };
    }
    if (services) this.#services.set(workerIndex, services.map((service) => ({ ...service, index: workerIndex })));
  }

  /** Sets the state of every instance that has not ended. */
  settle(state: string): void {
    for (const instances of this.#instances.values()) {
      instances.forEach((instance, index) => {
        if (instance.state === "created" || instance.state === "running") instances[index] = { ...instance, state };
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

function emptyInstance(index: number): InstanceView {
  return {
    index, state: "created", host: "", pid: 0, recordsIn: 0, recordsOut: 0, skipped: 0, deadLettered: 0, retried: 0,
    bytesIn: 0, bytesOut: 0, progress: -1, workerId: "",
  };
}
