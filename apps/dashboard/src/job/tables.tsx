// What a job has in rows: operators, services, checkpoints.

import { checkpointDelay, type JobJson } from "@sage/protocol/json";
import { plain, plainName, showBytes, showCount, showDuration, showLatency, showPercent, showRate, showTime, showWhole } from "../format.ts";
import { ActionButton } from "../jobs/action-button.tsx";
import { Status } from "../ui/status.tsx";
import type { JobModel, OperatorNumbers } from "./job-state.ts";

export function OperatorsTable({ job, numbers, onSelect }: { readonly job: JobJson; readonly numbers: ReadonlyMap<string, OperatorNumbers>; readonly onSelect: (nodeId: string) => void }) {
  return (
    <div class="scroll-x">
      <table aria-label="Operators">
        <thead><tr><th>Operator</th><th>State</th><th class="number">Instances</th><th class="number">Records in</th><th class="number">Records out</th><th class="number">Rate in</th><th class="number">Rate out</th><th class="number">Busy</th><th class="number">Back-pressured</th><th class="number">Lag</th><th class="number">State</th><th class="number">Errors</th></tr></thead>
        <tbody>
          {job.operators.map(({ nodeId, name, kind, instances }) => {
            const load = numbers.get(nodeId);
            return (
              <tr key={nodeId}>
                <th scope="row"><button type="button" class="link" onClick={() => onSelect(nodeId)}><bdi>{plainName(name)}</bdi></button> <small class="muted">{plainName(kind)}</small></th>
                <td><Status status={load?.state ?? "created"} /></td>
                <td class="number">{instances.length}</td>
                <td class="number">{showWhole(load?.recordsIn ?? 0)}</td>
                <td class="number">{showWhole(load?.recordsOut ?? 0)}</td>
                <td class="number">{showRate(load?.inRate)}</td>
                <td class="number">{showRate(load?.outRate)}</td>
                <td class="number">{load?.busy === undefined ? "–" : showPercent(load.busy)}</td>
                <td class="number">{load?.backPressured === undefined ? "–" : showPercent(load.backPressured)}</td>
                <td class="number">{showDuration(load?.lagMs)}</td>
                <td class="number">{load && load.stateBytes > 0 ? showBytes(load.stateBytes) : "–"}</td>
                <td class={`number ${load?.errors ? "tone-bad" : "faint"}`}>{showCount(load?.errors)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function ServicesTable({ services, model }: { readonly services: JobJson["services"]; readonly model: JobModel }) {
  return (
    <div class="scroll-x">
      <table aria-label="Services">
        <thead><tr><th>Service</th><th>State</th><th class="number">Worker</th><th class="number">Calls</th><th class="number">Failures</th><th class="number" title="from a call to its answer, waiting included">Latency</th><th class="number" title="over its whole life">Mean latency</th><th class="number">Queued</th><th class="number">Restarts</th></tr></thead>
        <tbody>
          {services.map((service) => (
            <tr key={`${service.name} ${service.index}`}>
              <th scope="row"><bdi>{plainName(service.name)}</bdi></th>
              <td><Status status={service.state} /></td>
              <td class="number">{service.index}</td>
              <td class="number">{showWhole(service.calls)}</td>
              <td class={`number ${service.failures > 0 ? "tone-bad" : "faint"}`}>{showWhole(service.failures)}</td>
              <td class="number">{showLatency(model.serviceLatencyMs(service))}</td>
              <td class="number">{showLatency(service.answered > 0 ? service.latencyTotalMs / service.answered : undefined)}</td>
              <td class="number">{showWhole(service.queued)}</td>
              <td class="number">{showWhole(service.restarts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function CheckpointsTable({ job, canContinue }: { readonly job: JobJson; readonly canContinue: boolean }) {
  const slowest = Math.max(...job.checkpoints.map(({ durationMs }) => durationMs), 1);
  return (
    <div class="scroll-x">
      {job.guarantee === "" ? null : <p class="muted">Guarantee: <strong>{plainName(job.guarantee)}</strong>{job.guaranteeReason === "" ? "" : <>, because <bdi>{plain(job.guaranteeReason, 300)}</bdi></>}</p>}
      <table aria-label="Checkpoints">
        <thead><tr><th>Checkpoint</th><th>State</th><th>Triggered</th><th class="number">Duration</th><th class="number">Alignment</th><th class="number">Size</th><th class="number">New</th><th>Waited for</th><th>Reason</th><th><span class="unseen">Actions</span></th></tr></thead>
        <tbody>
          {[...job.checkpoints].reverse().map((checkpoint) => (
            <tr key={checkpoint.id}>
              <th scope="row" class="one-line">{plainName(checkpoint.kind)} {checkpoint.id}</th>
              <td><Status status={checkpoint.state} /></td>
              <td>{showTime(checkpoint.triggeredAt)}</td>
              <td class="number" title={showPercent(checkpoint.durationMs / slowest)}>{showDuration(checkpoint.durationMs)}</td>
              <td class="number">{showDuration(checkpoint.alignmentMs)}</td>
              <td class="number">{showBytes(checkpoint.bytes)}</td>
              <td class="number">{showBytes(checkpoint.newBytes)}</td>
              <td class="wide-cell"><bdi>{plain(checkpointDelay(checkpoint, showDuration), 300)}</bdi></td>
              <td><bdi>{plain(checkpoint.reason, 300)}</bdi></td>
              <td>{canContinue && checkpoint.state === "complete" ? <ActionButton action="continue" label="Continue from here" jobs={[job]} wishes={{ checkpointId: checkpoint.id }} /> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
