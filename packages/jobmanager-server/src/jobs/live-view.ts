// What is known of a running job's operators and services: the plan, filled with what workers report.

import { systemClock, type Clock } from "@sage/core";
import { emptyInstance, instanceIn, type BlockView, type InstanceView, type OperatorView, type Plan, type PlanNode, type ServiceView, type TaskMetrics } from "@sage/protocol";

export interface WorkerPlace {
  readonly workerId: string;
  readonly host: string;
  readonly pid: number;
}

type Rates = Pick<InstanceView, "recordsInPerSecond" | "recordsOutPerSecond">;

interface Counted {
  readonly atMs: number;
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly rates: Rates;
}

/** An operator with what is known of its instances. */
interface Known {
  readonly node: PlanNode;
  readonly instances: InstanceView[];
  /** Of which counts their rates were made. */
  readonly counted: (Counted | undefined)[];
}

/** The shortest time over which a rate is taken. */
const rateOverMs = 500;

export class LiveView {
  readonly #plan: Plan;
  readonly #chainNames: ReadonlyMap<string, string>;
  /** In the plan's order. */
  readonly #known = new Map<string, Known>();
  readonly #services = new Map<number, readonly ServiceView[]>();
  readonly #restarts: number;
  readonly #clock: Pick<Clock, "monotonicMs">;
  /** Of workers that could not be started yet. */
  readonly #waits = new Map<number, string>();
  #workers = 0;

  /** @param restarts - how often the job was started again. */
  constructor(plan: Plan, restarts = 0, clock: Pick<Clock, "monotonicMs"> = systemClock) {
    this.#plan = plan;
    this.#clock = clock;
    this.#restarts = restarts;
    this.#chainNames = new Map(plan.chains.flatMap((chain) => chain.nodes.map((id) => [id, chain.name] as const)));
    for (const node of plan.nodes) {
      const instances = Array.from({ length: node.parallelism }, (_, index) => ({ ...emptyInstance(index), restarts }));
      this.#known.set(node.id, { node, instances, counted: [] });
    }
  }

  get workers(): number {
    return this.#workers;
  }

  /** What workers wait for before they can be started, in words; empty: nothing. */
  get waitsFor(): string {
    return [...new Set(this.#waits.values())].join("; ");
  }

  /** @param why - undefined: no longer. @returns whether that is news */
  waits(workerIndex: number, why?: string): boolean {
    if (this.#waits.get(workerIndex) === why) return false;
    if (why === undefined) this.#waits.delete(workerIndex);
    else this.#waits.set(workerIndex, why);
    return true;
  }

  /** A worker says Hello. */
  placed(workerIndex: number, place: WorkerPlace): void {
    this.#workers++;
    for (const { node, instances } of this.#known.values()) {
      const index = instanceIn(node, workerIndex);
      if (index !== undefined) instances[index] = { ...instances[index]!, ...place };
    }
  }

  gone(): void {
    this.#workers--;
  }

  /** @param tasks - the view's from then on: ten thousand workers report in a second, so none is copied. */
  report(workerIndex: number, tasks: readonly TaskMetrics[], services?: readonly ServiceView[]): void {
    const atMs = this.#clock.monotonicMs();
    for (const { nodeId, instance } of tasks) {
      const known = this.#known.get(nodeId);
      const index = known && instanceIn(known.node, workerIndex);
      if (index === undefined || !known || !instance) continue;
      const { host, pid, workerId } = known.instances[index]!;
      const { recordsInPerSecond, recordsOutPerSecond } = ratesOf(known, index, instance, atMs);
      Object.assign(instance, { index, host, pid, workerId, restarts: this.#restarts, recordsInPerSecond, recordsOutPerSecond });
      known.instances[index] = instance;
    }
    if (services) this.#services.set(workerIndex, services.map((service) => ({ ...service, index: workerIndex })));
  }

  /** An operator's instance blocks its worker; until the worker reports again. */
  blocked(workerIndex: number, operator: string, block: BlockView): void {
    for (const { node, instances } of this.#known.values()) {
      const index = instanceIn(node, workerIndex);
      if (node.name !== operator || index === undefined) continue;
      const known = instances[index]!;
      instances[index] = { ...known, block, blocks: known.block?.atMs === block.atMs ? known.blocks : known.blocks + 1 };
    }
  }

  /** Sets the state of every instance that has not ended. */
  settle(state: string): void {
    for (const { instances } of this.#known.values()) {
      instances.forEach((instance, index) => {
        if (instance.state === "created" || instance.state === "running") instances[index] = { ...instance, state, ...atRest };
      });
    }
  }

  operators(): readonly OperatorView[] {
    return this.#plan.nodes.map(({ id, name, kind }) => ({
      nodeId: id, name, kind, chain: this.#chainNames.get(id) ?? name, instances: [...(this.#known.get(id)?.instances ?? [])],
    }));
  }

  services(): readonly ServiceView[] {
    return [...this.#services].sort(([one], [other]) => one - other).flatMap(([, services]) => services);
  }
}

/** Rates of an instance that does nothing any more. */
const atRest = { recordsInPerSecond: 0, recordsOutPerSecond: 0, busyMsPerSecond: 0, backPressuredMsPerSecond: 0, idleMsPerSecond: 0, turnMsPerSecond: 0 };

/** Those of before where they are fresh. */
function ratesOf({ counted }: Known, index: number, { state, recordsIn, recordsOut }: InstanceView, atMs: number): Rates {
  if (state !== "running") return atRest;
  const before = counted[index];
  if (before && atMs - before.atMs < rateOverMs) return before.rates;
  const perSecond = (now: number, then: number) => (before ? Math.max(0, ((now - then) * 1_000) / (atMs - before.atMs)) : 0);
  const rates = { recordsInPerSecond: perSecond(recordsIn, before?.recordsIn ?? 0), recordsOutPerSecond: perSecond(recordsOut, before?.recordsOut ?? 0) };
  counted[index] = { atMs, recordsIn, recordsOut, rates };
  return rates;
}
