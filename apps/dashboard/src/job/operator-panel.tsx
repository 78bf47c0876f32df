// One operator: its instances, where each runs, how fast, and what went wrong.

import type { JobJson } from "@sage/protocol/json";
import type { PlanShape } from "../graph/plan-graph.ts";
import { plainName, plural, showBytes, showCount, showDuration, showPercent, showRate, showTime, showWhole } from "../format.ts";
import { Icon } from "../ui/icons.tsx";
import { Status } from "../ui/status.tsx";
import { loadOf, shownState, type InstanceLoad, type JobModel } from "./job-state.ts";

export interface OperatorPanelProps {
  readonly job: JobJson;
  readonly plan: PlanShape | undefined;
  readonly model: JobModel;
  readonly nodeId: string;
  readonly onClose: () => void;
  readonly onLogs: (operator: string) => void;
}

export function OperatorPanel({ job, plan, model, nodeId, onClose, onLogs }: OperatorPanelProps) {
  const operator = job.operators.find((each) => each.nodeId === nodeId);
  const node = plan?.nodes.find(({ id }) => id === nodeId);
  if (!operator) return null;
  const load = model.state.value.numbers.get(nodeId);
  const name = plainName(operator.name);
  const policy = node?.onError === undefined ? "fail" : typeof node.onError === "string" ? node.onError : "retry";
  return (
    <aside class="card operator-panel" aria-label={`Operator ${name}`}>
      <header>
        <h2><bdi>{name}</bdi></h2>
        <button type="button" class="icon-button" aria-label="Close the operator" onClick={onClose}><Icon name="close" /></button>
      </header>
      <dl class="facts">
        <div><dt>Kind</dt><dd>{plainName(operator.kind)}</dd></div>
        <div><dt>Records in</dt><dd class="number">{showWhole(load?.recordsIn ?? 0)}</dd></div>
        <div><dt>Records out</dt><dd class="number">{showWhole(load?.recordsOut ?? 0)}</dd></div>
        <div><dt>On error</dt><dd>{plainName(policy)}</dd></div>
        {node?.concurrency !== undefined && node.concurrency > 1 ? <div><dt>Concurrency</dt><dd>{node.concurrency}</dd></div> : null}
        {load?.busy === undefined ? null : <div><dt>Busy</dt><dd>{showPercent(load.busy)}</dd></div>}
        {load?.backPressured === undefined ? null : <div><dt>Back-pressured</dt><dd>{showPercent(load.backPressured)}</dd></div>}
        {load?.idle === undefined ? null : <div><dt>Idle</dt><dd>{showPercent(load.idle)}</dd></div>}
        {load?.lagMs === undefined ? null : <div><dt>Watermark lag</dt><dd>{showDuration(load.lagMs)}</dd></div>}
        {load && load.stateBytes + load.stateKeys > 0 ? <div><dt>State</dt><dd>{showBytes(load.stateBytes)}{load.stateKeys > 0 ? `, ${plural(load.stateKeys, "key")}` : ""}</dd></div> : null}
      </dl>
      <p class="chain muted" title={plainName(operator.chain)}>Chain: <bdi>{plainName(operator.chain)}</bdi></p>
      <div class="scroll-both">
        <table aria-label={`Instances of ${name}`}>
          <thead><tr><th class="number">#</th><th>State</th><th>Host</th><th class="number">In</th><th class="number">Out</th><th class="number">Rate</th><th class="number">Busy</th><th class="number" title="batches that wait in its inputs">Queue</th><th class="number">Watermark</th><th class="number">State size</th><th class="number" title="skipped, dead-lettered, retried">Errors</th></tr></thead>
          <tbody>
            {operator.instances.map((instance) => {
              const rate = model.rate(nodeId, instance, instance.recordsIn > 0 ? "recordsIn" : "recordsOut");
              const errors = instance.skipped + instance.deadLettered;
              const load = loadOf(instance);
              return (
                <tr key={instance.index}>
                  <th scope="row" class="number">{instance.index}</th>
                  <td><Status status={shownState(job, operator.name, instance.state)} />{instance.progress >= 0 && instance.state === "running" ? <small> {showPercent(instance.progress)}</small> : null}</td>
                  <td title={`pid ${instance.pid}, ${showBytes(instance.bytesIn)} in, ${showBytes(instance.bytesOut)} out`}><bdi>{plainName(instance.host || "–")}</bdi></td>
                  <td class="number" title={showWhole(instance.recordsIn)}>{showCount(instance.recordsIn)}</td>
                  <td class="number" title={showWhole(instance.recordsOut)}>{showCount(instance.recordsOut)}</td>
                  <td class="number">{showRate(rate)}</td>
                  <td class="number" title={loadWords(load)}>{load.busy === undefined ? "–" : showPercent(load.busy)}</td>
                  <td class="number" title={`${showBytes(instance.queuedBytes)} from other workers`}>{showWhole(instance.queuedBatches)}</td>
                  <td class="number" title={instance.hasWatermark ? `${showDuration(Math.max(0, instance.watermarkLagMs))} behind its worker's clock` : "no event time"}>{instance.hasWatermark ? watermarkText(instance.watermarkMs) : "–"}</td>
                  <td class="number" title={plural(instance.stateKeys, "key")}>{instance.stateBytes > 0 ? showBytes(instance.stateBytes) : "–"}</td>
                  <td class={`number ${errors > 0 ? "tone-bad" : "faint"}`} title={`${instance.skipped} skipped, ${instance.deadLettered} dead letters, ${instance.retried} retried`}>{showCount(errors + instance.retried)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <button type="button" class="button" onClick={() => onLogs(operator.name)}>Logs of this operator</button>
    </aside>
  );
}

const loadWords = ({ busy, backPressured, idle }: InstanceLoad): string =>
  busy === undefined ? "" : `busy ${showPercent(busy)}, back-pressured ${showPercent(backPressured ?? 0)}, idle ${showPercent(idle ?? 0)}`;

/** Event time may lie outside of what a calendar has: at the end of a bounded input it is endless. */
const watermarkText = (atMs: number): string => (Math.abs(atMs) < 8e15 ? showTime(new Date(atMs).toISOString()) : "the end");
