// The cluster as it is configured, for people and for programs; no host is asked. Secrets are not in it.
import type { Cluster, ClusterHost, Login } from "@sage/config";
import { hideUrlPasswords } from "@sage/core";
import type { Io } from "../io.ts";
import { renderTable } from "../table.ts";

export function clusterJson(cluster: Cluster): Record<string, unknown> {
  const { head } = cluster;
  return {
    name: cluster.name, config: cluster.path ?? null, dialect: cluster.dialect,
    head: { ...hostJson(head), rayPort: head.rayPort, dashboard: `${head.dashboardHost}:${head.dashboardPort}`, clientServerPort: head.clientServerPort },
    workers: cluster.workers.map(hostJson),
    ssh: cluster.ssh, ray: cluster.ray, daemon: { host: cluster.daemon.host, port: cluster.daemon.port, bindHost: cluster.daemon.bindHost, httpPort: cluster.daemon.httpPort },
    project: cluster.project, limits: cluster.limits,
  };
}

function hostJson(host: ClusterHost): Record<string, unknown> {
  const { name, role, port, resources, sageHome, tempDir, logDir, pythonPath, rayCommand, condaEnv, proxy } = host;
  return { name, role, host: host.host, port, logins: host.logins.map(loginText), resources, sageHome, tempDir, logDir, pythonPath, rayCommand, condaEnv, proxy: Object.fromEntries(Object.entries(proxy).map(([key, value]) => [key, hideUrlPasswords(value)])) };
}

/** `sage by key ~/.ssh/id_rsa` */
function loginText({ user = "(as ~/.ssh/config says)", key, password }: Login): string {
  if (key?.from === "path") return `${user} by key ${key.path}`;
  if (key) return `${user} by key ${key.from === "agent" ? "of the agent" : "in the configuration"}`;
  return password === undefined ? `${user} by agent or the usual keys` : `${user} by password`;
}

export function printHosts(hosts: readonly ClusterHost[], io: Io): void {
  io.rawLines(renderTable(hosts, [
    { title: "HOST", value: ({ name }) => name },
    { title: "ROLE", value: ({ role }) => role },
    { title: "SSH", value: ({ host, port }) => `${host}:${port}` },
    { title: "LOGIN", value: ({ logins }) => logins.map(loginText).join(", "), minWidth: 20 },
    { title: "CPUS", value: ({ resources }) => resources.cpus, align: "right" },
    { title: "TEMP DIR", value: ({ tempDir }) => tempDir },
    { title: "RAY", value: ({ rayCommand, pythonPath, condaEnv }) => rayCommand ?? pythonPath ?? (condaEnv === undefined ? "Sage's own" : `conda ${condaEnv}`), minWidth: 10 },
  ], io.width, io.paint));
}

export function printCluster(cluster: Cluster, io: Io): void {
  const { head, daemon } = cluster;
  const field = (name: string, text: string) => io.line(`${name}:`.padEnd(12), text);
  field("Cluster", cluster.name);
  field("Config", cluster.path ?? "none");
  field("Ray", `${head.host}:${head.rayPort}${cluster.ray.version === undefined ? "" : `, version ${cluster.ray.version}`}`);
  field("Dashboard", `http://${head.host}:${head.dashboardPort}${head.dashboardHost === "127.0.0.1" ? " (on loopback there; sage tunnel leads to it)" : ""}`);
  field("JobManager", `${daemon.host}:${daemon.port}`);
  field("Project", cluster.project.root);
  printHosts([head, ...cluster.workers], io);
}
