// The way of a watermark through a chain: every operator hears of it, those before others first, and then the outputs.
//
// Invariants:
//   F1. What an operator emits because of a watermark has gone on before the next operator hears of that watermark.
//   F2. Watermarks end at an operator that makes its own; an operator that holds records back hands them on itself.

import type { ChainLayout, Target } from "../chain/layout.ts";
import { isConcurrent } from "../chain/layout.ts";
import type { Wait } from "../chain/scope.ts";
import type { Output } from "../outputs/output.ts";

/** What an operator does about time. */
export interface TimedRuntime {
  /** No record of `timeMs` or earlier is expected. Emits what waited for that. */
  onWatermark?(timeMs: number): Wait;
}

type Step = (timeMs: number) => Wait;

interface Reach {
  readonly steps: readonly Step[];
  readonly outputs: readonly Output[];
}

export class WatermarkFlow {
  readonly #layout: ChainLayout;
  readonly #runtimes: readonly TimedRuntime[];
  readonly #outputs: readonly Output[];
  readonly #reaches = new Map<number, Reach>();

  constructor(layout: ChainLayout, runtimes: readonly TimedRuntime[], outputs: readonly Output[]) {
    this.#layout = layout;
    this.#runtimes = runtimes;
    this.#outputs = outputs;
  }

  /** A watermark comes into the chain. */
  into(timeMs: number): Wait {
    return run(this.#reach(-1).steps, timeMs, 0);
  }

  /** A watermark comes out of the operator at `at`. */
  outOf(at: number, timeMs: number): Wait {
    return run(this.#reach(at).steps, timeMs, 0);
  }

  /** Nobody behind the operator at `at` (-1: the chain's input) is to wait for it. */
  idle(at: number): void {
    for (const output of this.#reach(at).outputs) output.event({ kind: "idle" });
  }

  #reach(at: number): Reach {
    const known = this.#reaches.get(at);
    if (known !== undefined) return known;
    const steps: Step[] = [];
    const outputs: Output[] = [];
    if (at < 0) this.#enter(0, steps, outputs);
    else this.#behind(at, steps, outputs);
    const reach = { steps, outputs };
    this.#reaches.set(at, reach);
    return reach;
  }

  #enter(at: number, steps: Step[], outputs: Output[]): void {
    const { plan } = this.#layout.nodes[at]!;
    if (plan.kind === "assignTimestamps") return; // F2
    const runtime = this.#runtimes[at]!;
    if (runtime.onWatermark !== undefined) steps.push((timeMs) => runtime.onWatermark!(timeMs));
    if (!isConcurrent(plan)) this.#behind(at, steps, outputs);
  }

  #behind(at: number, steps: Step[], outputs: Output[]): void {
    const { targets, sides } = this.#layout.nodes[at]!;
    for (const target of [...targets, ...[...sides.values()].flat()]) this.#follow(target, steps, outputs);
  }

  #follow(target: Target, steps: Step[], outputs: Output[]): void {
    if (target.to === "node") {
      if (this.#layout.nodes[target.at]!.timed) this.#enter(target.at, steps, outputs);
      return;
    }
    const to = this.#layout.outputs[target.output]!;
    if (to.kind !== "edge" || to.edge.plan.timed !== true) return;
    const output = this.#outputs[target.output]!;
    outputs.push(output);
    steps.push((timeMs) => {
      output.event({ kind: "watermark", timeMs });
      return undefined;
    });
  }
}

function run(steps: readonly Step[], timeMs: number, from: number): Wait {
  for (let i = from; i < steps.length; i++) {
    const wait = steps[i]!(timeMs);
    if (wait !== undefined) return wait.then(() => run(steps, timeMs, i + 1));
  }
  return undefined;
}
