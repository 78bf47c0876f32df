// One machine: what it has, what of it is used, how many workers run on it, whether its clock is right.

import type { ComponentChildren } from "preact";
import type { HostJson, RayNodeJson, WorkerJson } from "@sage/protocol/json";
import { plain, plainName, plural, showBytes, showCount, showDuration, showPercent } from "../format.ts";
import { Meter } from "../ui/meter.tsx";
import { Status } from "../ui/status.tsx";

/** A clock that differs by less may be right: the figure was read some seconds ago. */
const clockSlackMs = 15_000;
const mostJobs = 3;

/** @param clockAheadMs - the daemon's clock against the browser's. */
export function DaemonHostCard({ host, workers, clockAheadMs }: { readonly host: HostJson; readonly workers: readonly WorkerJson[]; readonly clockAheadMs: number }) {
  const [load = 0] = host.load;
  const usedBytes = host.memoryBytes - host.memoryFreeBytes;
  return (
    <HostCard name={host.name} note={`${host.platform}, up ${showDuration(host.uptimeMs)}`} role="daemon">
      <Meter label="Load of the last minute" ratio={load / Math.max(1, host.cpus)} text={`${load.toFixed(2)} on ${plural(host.cpus, "CPU")}`} />
      <Meter label="Memory" ratio={usedBytes / host.memoryBytes} text={`${showBytes(usedBytes)} of ${showBytes(host.memoryBytes)}`} />
      {host.disk ? <Meter label="Disk of the home" ratio={1 - host.disk.freeBytes / host.disk.sizeBytes} text={`${showBytes(host.disk.freeBytes)} free of ${showBytes(host.disk.sizeBytes)}`} /> : null}
      <dl class="pairs"><dt>Workers</dt><dd><bdi>{workerWords(workers)}</bdi></dd><dt>Clock</dt><dd>{clockWords(clockAheadMs, "this browser's", 2_000)}</dd><dt>Processor</dt><dd>{plainName(host.cpuModel || "unknown")}</dd></dl>
    </HostCard>
  );
}

export function RayNodeCard({ node, workers }: { readonly node: RayNodeJson; readonly workers: readonly WorkerJson[] }) {
  const { machine } = node;
  const own = node.resources.filter(({ name }) => !name.startsWith("node:")).sort((a, b) => rankOf(a.name) - rankOf(b.name));
  return (
    <HostCard name={node.host} note={node.address} role={node.isHead ? "Ray head" : "Ray worker"} dead={!node.isAlive}>
      {node.isAlive ? null : <p class="tone-bad"><bdi>{plain(node.why || "it does not answer any more", 300)}</bdi></p>}
      {own.map(({ name, used, total }) => (
        <Meter key={name} label={resourceLabel(name)} ratio={used === null || total === 0 ? 0 : used / total} text={used === null ? `${resourceText(name, total)}, use unknown` : `${resourceText(name, used)} of ${resourceText(name, total)} used`} />
      ))}
      {machine ? (
        <>
          <Meter label="Processors of the machine" ratio={machine.cpuRatio} text={`${showPercent(machine.cpuRatio)} of ${plural(machine.cpus, "CPU")}`} />
          <Meter label="Memory of the machine" ratio={machine.memoryUsedBytes / Math.max(1, machine.memoryBytes)} text={`${showBytes(machine.memoryUsedBytes)} of ${showBytes(machine.memoryBytes)}`} />
          {machine.diskBytes > 0 ? <Meter label="Disk" ratio={machine.diskUsedBytes / machine.diskBytes} text={`${showBytes(machine.diskBytes - machine.diskUsedBytes)} free of ${showBytes(machine.diskBytes)}`} /> : null}
        </>
      ) : null}
      <dl class="pairs"><dt>Workers</dt><dd><bdi>{workerWords(workers)}</bdi></dd><dt>Clock</dt><dd>{machine ? clockWords(machine.clockAheadMs, "the daemon's", clockSlackMs) : "Ray does not say"}</dd></dl>
    </HostCard>
  );
}

function HostCard({ name, note, role, dead = false, children }: { readonly name: string; readonly note: string; readonly role: string; readonly dead?: boolean; readonly children: ComponentChildren }) {
  return (
    <section class="card pad host-card" aria-label={`Host ${plainName(name)}, ${role}`}>
      <h2><bdi>{plainName(name)}</bdi> <span class="label">{role}</span>{dead ? <Status status="failed" /> : null} <small class="muted"><bdi>{plainName(note)}</bdi></small></h2>
      {children}
    </section>
  );
}

/** How many, and of which jobs. */
function workerWords(workers: readonly WorkerJson[]): string {
  const jobs = [...new Set(workers.map(({ job }) => plainName(job)))];
  const named = jobs.length > mostJobs ? [...jobs.slice(0, mostJobs), `${jobs.length - mostJobs} more`] : jobs;
  return named.length === 0 ? "0" : `${workers.length}, of ${named.join(", ")}`;
}

/** Processors first, what the cluster's owner has named last. */
const firstResources = ["CPU", "GPU", "memory", "object_store_memory"];
const rankOf = (name: string): number => (firstResources.indexOf(name) + 1 || firstResources.length + 1);
const resourceLabel = (name: string): string => (name === "CPU" ? "Ray's CPUs" : name === "memory" ? "Ray's memory" : name === "object_store_memory" ? "Object store" : plainName(name));
const resourceText = (name: string, amount: number): string => (name.endsWith("memory") ? showBytes(amount) : Number.isInteger(amount) ? showCount(amount) : amount.toFixed(2));

function clockWords(aheadMs: number, whose: string, slackMs: number): ComponentChildren {
  if (Math.abs(aheadMs) <= slackMs) return `as ${whose}`;
  return <span class="tone-warn number">{showDuration(Math.abs(aheadMs))} {aheadMs > 0 ? "ahead of" : "behind"} {whose}</span>;
}
