// What is known of a running job's operators and services: the plan, filled with what workers report.

import { systemClock, type Clock } from "@sage/core";
import { HeartbeatBytes, InstanceRow, instanceIn, instanceNumbers, workerOf, type BlockView, type Heartbeat, type OperatorView, type Plan, type PlanNode, type ServiceView, type TaskMetrics } from "@sage/protocol";

export interface WorkerPlace {
  readonly workerId: string;
  readonly host: string;
  readonly pid: number;
}

/** An operator with what is known of its instances. */
interface Known {
  readonly node: PlanNode;
  readonly rows: readonly InstanceRow[];
  /** Of which counts their rates were made: `countedNumbers` each. */
  readonly counted: Float64Array;
}

/** When, and how many records in and out. */
const countedNumbers = 3;

/** The shortest time over which a rate is taken. */
const rateOverMs = 500;

export class LiveView {
  readonly #plan: Plan;
  readonly #chainNames: ReadonlyMap<string, string>;
  /** In the plan's order. */
  readonly #known = new Map<string, Known>();
  /** By the worker's index. */
  readonly #places: (WorkerPlace | undefined)[] = [];
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
      const numbers = new Float64Array(node.parallelism * instanceNumbers);
      const rows = Array.from({ length: node.parallelism }, (_, index) => new InstanceRow(numbers, index));
      this.#known.set(node.id, { node, rows, counted: new Float64Array(node.parallelism * countedNumbers).fill(NaN) });
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
    this.#places[workerIndex] = place;
  }

  gone(): void {
    this.#workers--;
  }

  /** A worker tells how it does. @throws MalformedRequestError */
  heard(workerIndex: number, heartbeat: Heartbeat): void {
    if (!(heartbeat instanceof HeartbeatBytes)) return this.report(workerIndex, heartbeat.tasks, heartbeat.services);
    const atMs = this.#clock.monotonicMs();
    const hasServices = heartbeat.readTasks((nodeId, instance) => this.#fill(workerIndex, nodeId, atMs, (row) => row.read(instance)));
    if (hasServices || this.#services.has(workerIndex)) this.#serve(workerIndex, heartbeat.services);
  }

  report(workerIndex: number, tasks: readonly TaskMetrics[], services?: readonly ServiceView[]): void {
    const atMs = this.#clock.monotonicMs();
    for (const { nodeId, instance } of tasks) if (instance) this.#fill(workerIndex, nodeId, atMs, (row) => row.take(instance));
    if (services) this.#serve(workerIndex, services);
  }

  #fill(workerIndex: number, nodeId: string, atMs: number, fill: (row: InstanceRow) => void): void {
    const known = this.#known.get(nodeId);
    const index = known && instanceIn(known.node, workerIndex);
    if (index === undefined) return;
    const row = known!.rows[index]!;
    const [inBefore, outBefore] = [row.get("recordsInPerSecond"), row.get("recordsOutPerSecond")];
    fill(row);
    row.set("recordsInPerSecond", inBefore);
    row.set("recordsOutPerSecond", outBefore);
    if (row.state === "running") takeRates(row, known!.counted, index * countedNumbers, atMs);
    else rest(row);
  }

  #serve(workerIndex: number, services: readonly ServiceView[]): void {
    this.#services.set(workerIndex, services.map((service) => ({ ...service, index: workerIndex })));
  }

  /** An operator's instance blocks its worker; until the worker reports again. */
  blocked(workerIndex: number, operator: string, block: BlockView): void {
    for (const { node, rows } of this.#known.values()) {
      const index = instanceIn(node, workerIndex);
      if (node.name !== operator || index === undefined) continue;
      const row = rows[index]!;
      if (row.block?.atMs !== block.atMs) row.set("blocks", row.get("blocks") + 1);
      row.block = block;
    }
  }

  /** Sets the state of every instance that has not ended. */
  settle(state: string): void {
    for (const { rows } of this.#known.values()) {
      for (const row of rows) {
        if (row.state !== "created" && row.state !== "running") continue;
        row.state = state;
        rest(row);
      }
    }
  }

  operators(): readonly OperatorView[] {
    return this.#plan.nodes.map((node) => {
      const { id, name, kind } = node;
      const instances = this.#known.get(id)!.rows.map((row, index) => row.view({ index, restarts: this.#restarts, ...(this.#places[workerOf(node, index)] ?? nowhere) }));
      return { nodeId: id, name, kind, chain: this.#chainNames.get(id) ?? name, instances };
    });
  }

  services(): readonly ServiceView[] {
    return [...this.#services].sort(([one], [other]) => one - other).flatMap(([, services]) => services);
  }
}

const nowhere: WorkerPlace = { workerId: "", host: "", pid: 0 };

const rates = ["recordsInPerSecond", "recordsOutPerSecond", "busyMsPerSecond", "backPressuredMsPerSecond", "idleMsPerSecond", "turnMsPerSecond"] as const;

/** An instance that does nothing any more has no rates. */
function rest(row: InstanceRow): void {
  for (const rate of rates) row.set(rate, 0);
}

/** Those of before stay where they are fresh. @param counted - at `from`: when, and how many records in and out. */
function takeRates(row: InstanceRow, counted: Float64Array, from: number, atMs: number): void {
  const [beforeMs, inBefore, outBefore] = [counted[from]!, counted[from + 1]!, counted[from + 2]!];
  const overMs = atMs - beforeMs;
  if (overMs < rateOverMs) return;
  const [recordsIn, recordsOut] = [row.get("recordsIn"), row.get("recordsOut")];
  const perSecond = (now: number, then: number) => (Number.isNaN(overMs) ? 0 : Math.max(0, ((now - then) * 1_000) / overMs));
  row.set("recordsInPerSecond", perSecond(recordsIn, inBefore));
  row.set("recordsOutPerSecond", perSecond(recordsOut, outBefore));
  counted[from] = atMs;
  counted[from + 1] = recordsIn;
  counted[from + 2] = recordsOut;
}
