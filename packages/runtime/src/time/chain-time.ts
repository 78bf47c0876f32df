// Time in one chain instance: the way of its watermarks, and what its operators do by the clock.

import type { Clock } from "@sage/core";
import type { ChainLayout } from "../chain/layout.ts";
import type { Wait } from "../chain/scope.ts";
import type { Output } from "../outputs/output.ts";
import { TaskTime } from "./task-time.ts";
import { WatermarkFlow, type TimedRuntime } from "./watermark-flow.ts";

/** What an operator does about time; all of it between records. */
export interface TimeKeeper extends TimedRuntime {
  /** Before anything else: where its watermarks go. */
  connectTime?(flow: WatermarkFlow): void;
  /** The task begins. */
  start?(time: TaskTime): void;
  /** Again and again while records come. */
  onTurn?(): Wait;
  /** Nothing comes for now. */
  onPause?(): Wait;
  /** Whether it is too far ahead of the other sources of its group, and when to ask again. */
  readonly isAhead?: boolean;
  readonly aligned?: (() => Promise<void>) | undefined;
}

const keepers: ReadonlySet<string> = new Set(["assignTimestamps", "window", "windowJoin", "intervalJoin", "process", "broadcastProcess"]);

/** Time in a chain that has something to do with it; undefined for others, which then pay nothing. */
export function chainTimeOf(layout: ChainLayout, runtimes: readonly TimeKeeper[], outputs: readonly Output[], clock: Clock): ChainTime | undefined {
  if (!layout.nodes.some((node) => node.timed || keepers.has(node.plan.kind))) return undefined;
  return new ChainTime(layout, runtimes, outputs, clock);
}

export class ChainTime {
  readonly flow: WatermarkFlow;
  readonly jobs: TaskTime;
  readonly #runtimes: readonly TimeKeeper[];
  readonly #aligned: readonly TimeKeeper[];

  constructor(layout: ChainLayout, runtimes: readonly TimeKeeper[], outputs: readonly Output[], clock: Clock) {
    this.flow = new WatermarkFlow(layout, runtimes, outputs);
    this.jobs = new TaskTime(clock);
    this.#runtimes = runtimes.filter((runtime) => runtime.onTurn !== undefined || runtime.onPause !== undefined || runtime.start !== undefined);
    this.#aligned = runtimes.filter((runtime) => runtime.aligned !== undefined);
    for (const runtime of runtimes) runtime.connectTime?.(this.flow);
  }

  /** Whether the task is to rest because its sources are ahead of others. */
  get isAhead(): boolean {
    for (const runtime of this.#aligned) if (runtime.isAhead === true) return true;
    return false;
  }

  /** When it is worth asking again. */
  aligned(): Promise<void> {
    return Promise.race(this.#aligned.map((runtime) => runtime.aligned!()));
  }

  start(): void {
    for (const runtime of this.#runtimes) runtime.start?.(this.jobs);
  }

  onTurn(): Wait {
    const wait = this.jobs.isDue ? this.jobs.run() : undefined;
    return wait === undefined ? this.#each("onTurn", 0) : wait.then(() => this.#each("onTurn", 0));
  }

  onPause(): Wait {
    return this.#each("onPause", 0);
  }

  #each(what: "onTurn" | "onPause", from: number): Wait {
    for (let i = from; i < this.#runtimes.length; i++) {
      const wait = this.#runtimes[i]![what]?.();
      if (wait !== undefined) return wait.then(() => this.#each(what, i + 1));
    }
    return undefined;
  }
}
