// The daemon and the machines it works on.

import type { ServerJson, WorkerJson } from "@sage/protocol/json";
import type { Connection } from "../connection.ts";
import { plain, plainName, plural, showBytes, showDuration } from "../format.ts";
import { jobHash } from "../route.ts";
import { useStore, useTicks } from "../store.ts";
import { Meter } from "../ui/meter.tsx";
import { Notice, Skeleton } from "../ui/notice.tsx";

export function ClusterPage({ connection }: { readonly connection: Connection }) {
  const server = useStore(connection.server);
  useTicks(1_000);
  if (!server) return <main id="main"><h1>Cluster</h1><Skeleton lines={5} /></main>;
  const hosts = [...new Set([server.host.name, ...server.workers.map(({ host }) => host)])];
  return (
    <main id="main">
      <div class="page-head"><h1>Cluster</h1><span class="muted">{plural(hosts.length, "host")}, {plural(server.workers.length, "worker")}</span></div>
      <div class="columns">
        <DaemonCard server={server} nowMs={connection.nowMs()} />
        <HostCard host={server.host} workers={server.workers.length} />
      </div>
      <h2 class="section">Workers</h2>
      {server.workers.length === 0 ? <Notice title="No worker runs" icon="waiting"><p>Workers start with a job and end with it.</p></Notice> : <WorkersTable workers={server.workers} />}
    </main>
  );
}

function DaemonCard({ server, nowMs }: { readonly server: ServerJson; readonly nowMs: number }) {
  const uptimeMs = server.startedAt === null ? undefined : nowMs - Date.parse(server.startedAt);
  return (
    <section class="card pad" aria-label="JobManager">
      <h2>JobManager</h2>
      <dl class="pairs">
        <dt>Version</dt><dd>{server.version} on Node {server.nodeVersion}</dd>
        <dt>Process</dt><dd>{server.pid}, up {showDuration(uptimeMs)}</dd>
        <dt>Memory</dt><dd>{showBytes(server.residentBytes)}</dd>
        <dt>CPU time</dt><dd>{showDuration(server.cpuMs)}</dd>
        <dt>Workers by</dt><dd>{server.driver}</dd>
        <dt>Home</dt><dd class="mono"><bdi>{plain(server.home, 300)}</bdi></dd>
        <dt>Logs</dt><dd class="mono"><bdi>{plain(server.logDir, 300)}</bdi></dd>
        <dt>Metrics</dt><dd><a href="/metrics" target="_blank" rel="noreferrer">/metrics</a> for Prometheus</dd>
      </dl>
    </section>
  );
}

function HostCard({ host, workers }: { readonly host: ServerJson["host"]; readonly workers: number }) {
  const [load = 0] = host.load;
  const usedBytes = host.memoryBytes - host.memoryFreeBytes;
  return (
    <section class="card pad" aria-label={`Host ${plainName(host.name)}`}>
      <h2><bdi>{plainName(host.name)}</bdi> <small class="muted">{host.platform}, up {showDuration(host.uptimeMs)}</small></h2>
      <Meter label="Load of the last minute" ratio={load / Math.max(1, host.cpus)} text={`${load.toFixed(2)} on ${plural(host.cpus, "CPU")}`} />
      <Meter label="Memory" ratio={usedBytes / host.memoryBytes} text={`${showBytes(usedBytes)} of ${showBytes(host.memoryBytes)}`} />
      {host.disk ? <Meter label="Disk of the home" ratio={1 - host.disk.freeBytes / host.disk.sizeBytes} text={`${showBytes(host.disk.freeBytes)} free of ${showBytes(host.disk.sizeBytes)}`} /> : null}
      <dl class="pairs"><dt>Workers</dt><dd>{workers}</dd><dt>Processor</dt><dd>{plainName(host.cpuModel || "unknown")}</dd></dl>
    </section>
  );
}

function WorkersTable({ workers }: { readonly workers: readonly WorkerJson[] }) {
  return (
    <div class="card scroll-x">
      <table aria-label="Workers">
        <thead><tr><th>Host</th><th class="number">Process</th><th>Job</th><th class="number">Instance</th><th>Worker</th></tr></thead>
        <tbody>
          {workers.map(({ workerId, host, pid, jobId, job, index }) => (
            <tr key={workerId}>
              <th scope="row"><bdi>{plainName(host)}</bdi></th>
              <td class="number">{pid}</td>
              <td><a href={jobHash(jobId)}><bdi>{plainName(job)}</bdi></a></td>
              <td class="number">{index}</td>
              <td class="mono muted">{plainName(workerId).slice(0, 13)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
