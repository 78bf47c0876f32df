// The daemon, the machines it works on, the Ray under it, and what is wrong with them.

import type { ServerJson, WorkerJson } from "@sage/protocol/json";
import type { Connection } from "../connection.ts";
import { plain, plainName, plural, showAge, showBytes, showDuration } from "../format.ts";
import { jobHash } from "../route.ts";
import { useStore, useTicks } from "../store.ts";
import { Notice, Skeleton } from "../ui/notice.tsx";
import { FindingsTable } from "./findings-table.tsx";
import { DaemonHostCard, RayNodeCard } from "./host-card.tsx";
import { RayCard } from "./ray-card.tsx";

export function ClusterPage({ connection }: { readonly connection: Connection }) {
  const server = useStore(connection.server);
  useTicks(1_000);
  if (!server) return <main id="main"><h1>Cluster</h1><Skeleton lines={5} /></main>;
  const { workers, ray, doctor, findings } = server;
  const nodes = ray?.nodes ?? [];
  const hosts = new Set([...(nodes.length > 0 ? nodes.filter(({ isAlive }) => isAlive).map(({ host }) => host) : [server.host.name]), ...workers.map(({ host }) => host)]);
  const on = (...names: readonly string[]) => workers.filter(({ host }) => names.includes(host));
  const problems = [...findings, ...(doctor?.findings ?? [])].filter(({ state }) => state !== "ok").length;
  return (
    <main id="main">
      <div class="page-head"><h1>Cluster</h1><span class="muted">{plural(hosts.size, "host")}, {plural(workers.length, "worker")}{problems > 0 ? `, ${plural(problems, "finding")} to look at` : ""}</span></div>
      <div class="columns">
        <DaemonCard server={server} nowMs={connection.nowMs()} />
        <DaemonHostCard host={server.host} workers={on(server.host.name)} clockAheadMs={connection.clockSkewMs} />
        {ray ? <RayCard ray={ray} daemonHost={server.host.name} /> : null}
        {nodes.map((node) => <RayNodeCard key={node.nodeId} node={node} workers={on(node.host, node.address)} />)}
      </div>
      <h2 class="section">Workers</h2>
      {workers.length === 0 ? <Notice title="No worker runs" icon="waiting"><p>Workers start with a job and end with it.</p></Notice> : <WorkersTable workers={workers} />}
      <h2 class="section">Findings</h2>
      <FindingsTable label="Findings of the daemon" findings={findings} />
      <h2 class="section">Doctor {doctor ? <small class="muted">looked {showAge(doctor.at, connection.nowMs())}</small> : null}</h2>
      {doctor ? <FindingsTable label="Findings of the doctor" findings={doctor.findings} /> : <p class="muted">The doctor has not looked at this cluster: <code>sage doctor</code>, on the machine with the cluster's configuration, does so over SSH and leaves its findings here.</p>}
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
              <td class="mono muted">{plainName(workerId)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
