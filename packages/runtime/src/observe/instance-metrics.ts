// What one task says of each of its operators. What is the task's alone (its time, its queue) stands at every operator
// of its chain, what comes in at the first one, and what goes out at the operator that it leaves.

import type { Chain } from "../chain.ts";
import type { ChainNode, Target } from "../chain/layout.ts";
import { instanceKey } from "../checkpoint/distribute.ts";
import type { Output } from "../outputs/output.ts";
import type { Task, TaskState } from "../task.ts";
import { preciseNowMs, type LatencyReport } from "./latency.ts";
import type { LoadReport, LoadTimes } from "./task-load.ts";

/** What one parallel instance of one operator has done so far. */
export interface InstanceMetrics {
  readonly nodeId: string;
  readonly operator: string;
  /** Parallel instance, from 0. */
  readonly index: number;
  readonly state: TaskState;
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly skipped: number;
  readonly deadLettered: number;
  readonly retried: number;
  /** Between processes. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Of a source that knows its size: 0 to 1. */
  readonly progress?: number;
  /** Of its task; undefined where nobody counts. */
  readonly load?: LoadReport;
  /** Batches and events that wait in its inputs, and the bytes of those from other processes. */
  readonly queued: number;
  readonly queuedBytes: number;
  /** How far event time has come here, in milliseconds since the epoch; undefined: there is none yet. */
  readonly watermarkMs?: number;
  /** From the sources to this end of their paths. */
  readonly latency?: LatencyReport;
  /** Keys that have state. */
  readonly stateKeys: number;
  /** Bytes of its state in the last snapshot. */
  readonly stateBytes: number;
}

/** @param stateBytes - of each instance in the last snapshot, by `instanceKey`. */
export function metricsOf({ chain, feed, outputs, state, load, latency }: Task, stateBytes: ReadonlyMap<string, number>): InstanceMetrics[] {
  const { counts } = chain.scope;
  const report = load?.report();
  const delays = latency.report(preciseNowMs());
  const watermarks = watermarksOf(chain, feed.input?.watermarkMs);
  return chain.layout.nodes.map((node): InstanceMetrics => {
    const { skippedRecords, deadLettered, retried } = chain.policyOf(node.at);
    const isFirst = node.at === 0;
    const progress = isFirst ? feed.progress : undefined;
    const input = isFirst ? feed.input : undefined;
    const watermarkMs = watermarks[node.at]!;
    return {
      nodeId: node.plan.id, operator: node.plan.name, index: chain.index, state, skipped: skippedRecords, deadLettered, retried,
      recordsIn: node.taken < 0 ? 0 : counts[node.taken]!, recordsOut: node.emitted < 0 ? 0 : counts[node.emitted]!,
      bytesIn: input?.bytes ?? 0, bytesOut: bytesOut(node, outputs),
      queued: input?.queued ?? 0, queuedBytes: input?.queuedBytes ?? 0,
      stateKeys: chain.contexts[node.at]!.state.entries.size, stateBytes: stateBytes.get(instanceKey(node.plan.id, chain.index)) ?? 0,
      ...(progress === undefined ? {} : { progress }),
      ...(report === undefined ? {} : { load: report }),
      ...(delays !== undefined && isEnd(node) ? { latency: delays } : {}),
      ...(Number.isFinite(watermarkMs) ? { watermarkMs } : {}),
    };
  });
}

/** Whether no operator comes behind it. */
const isEnd = ({ plan: { kind } }: ChainNode): boolean => kind === "sink" || kind === "print" || kind === "collect";

function bytesOut({ targets, sides }: ChainNode, outputs: readonly Output[]): number {
  let bytes = 0;
  for (const target of [...targets, ...[...sides.values()].flat()]) if (target.to === "output") bytes += outputs[target.output]!.bytes;
  return bytes;
}

/** How far event time has come at each operator; NaN where there is none. */
function watermarksOf(chain: Chain, into: number | undefined): number[] {
  const { nodes } = chain.layout;
  const known = nodes.map(() => NaN);
  known[0] = into ?? NaN;
  for (const { at, plan, targets, sides } of nodes) {
    if (plan.kind === "assignTimestamps") known[at] = (chain.runtimeOf(at) as { readonly watermarkMs?: number }).watermarkMs ?? NaN;
    for (const target of [...targets, ...[...sides.values()].flat()] as readonly Target[]) {
      if (target.to === "node" && nodes[target.at]!.timed) known[target.at] = known[at]!;
    }
  }
  return known;
}

/** A task's times as the wire has them. */
export function loadFields(report: LoadReport | undefined): Record<`${"busy" | "backPressured" | "idle" | "turn"}Ms${"" | "PerSecond"}`, number> {
  const none: LoadTimes = { busy: 0, backPressured: 0, idle: 0, turn: 0 };
  const { total, perSecond } = report ?? { total: none, perSecond: none };
  return {
    busyMs: Math.round(total.busy), backPressuredMs: Math.round(total.backPressured), idleMs: Math.round(total.idle), turnMs: Math.round(total.turn),
    busyMsPerSecond: perSecond.busy, backPressuredMsPerSecond: perSecond.backPressured, idleMsPerSecond: perSecond.idle, turnMsPerSecond: perSecond.turn,
  };
}
