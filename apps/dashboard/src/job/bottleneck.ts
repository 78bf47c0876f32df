// Which operator holds a job up, in words. Pure.
//
// The slowest operator is the one that is busy while those before it wait for room (Flink's rule: the first operator
// behind back-pressure that is not under back-pressure itself).

import type { PlanShape } from "../graph/plan-graph.ts";
import type { OperatorNumbers } from "./job-state.ts";

export interface Bottleneck {
  readonly nodeId: string;
  readonly words: string;
}

const muchPressure = 0.3;
const veryBusy = 0.85;

/** Undefined: nothing holds it up, or nothing is measured. */
export function bottleneckOf(plan: PlanShape, numbers: ReadonlyMap<string, OperatorNumbers>): Bottleneck | undefined {
  const byBusy = plan.nodes
    .map((node) => ({ node, load: numbers.get(node.id) }))
    .filter(({ load }) => load?.busy !== undefined && (load.backPressured ?? 0) < muchPressure)
    .sort((a, b) => (b.load?.busy ?? 0) - (a.load?.busy ?? 0));
  for (const { node, load } of byBusy) {
    const busy = load?.busy ?? 0;
    if (busy < 0.5) return undefined;
    const before = plan.edges.filter(({ to, feedback }) => to === node.id && !feedback).map(({ from }) => from);
    const pressed = before.filter((id) => (numbers.get(id)?.backPressured ?? 0) >= muchPressure);
    const names = pressed.map((id) => plan.nodes.find((each) => each.id === id)?.name ?? id).join(" and ");
    const percent = `${Math.round(busy * 100)} %`;
    if (pressed.length > 0) return { nodeId: node.id, words: `${node.name} holds the job up: it is busy ${percent} of the time, and ${names} waits for it.` };
    if (busy >= veryBusy) return { nodeId: node.id, words: `${node.name} is busy ${percent} of the time and sets the pace.` };
  }
  return undefined;
}
