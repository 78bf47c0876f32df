// `sage doctor`: what may be wrong with a cluster, host by host and between them, each finding with its fix.
import { stat } from "node:fs/promises";
import { isLoopback } from "@sage/core";
import { doctorFileName } from "@sage/protocol/files";
import type { HostFacts } from "@sage/ssh-deploy";
import { askDaemon } from "./daemon-status.ts";
import { askHost, planFor } from "./prepare.ts";
import { blockedPairs } from "./reachability.ts";
import { hasTokenMode } from "./ray-token.ts";
import { foundRay, wantedVersion } from "./ray-program.ts";
import { recordNames, testedRayVersion } from "./layout.ts";
import { failedReport } from "./report.ts";
import type { ClusterSession, Target } from "./session.ts";

export interface Finding {
  readonly host: string;
  /** What was looked at: ssh, key, ray, python, port, disk, clock, network, dashboard, daemon, leftovers, tools. */
  readonly check: string;
  readonly state: "ok" | "warning" | "failed";
  readonly what: string;
  readonly fix?: string;
}

export interface Diagnosis {
  readonly findings: readonly Finding[];
}

const deadlineMs = 60_000;

export async function diagnose(session: ClusterSession): Promise<Diagnosis> {
  const { cluster, head, targets } = session;
  const guess = cluster.ray.version ?? testedRayVersion;
  const keys = await keyFindings(session);
  const report = await session.each(targets, async (host, { target, signal }) => {
    const facts = await askHost(host, target.host, guess, signal);
    const daemon = target === head ? await askDaemon(session, host, facts, signal) : undefined;
    return { facts, daemon };
  }, { deadlineMs });
  const findings: Finding[] = [...keys];
  const facts = new Map<Target, HostFacts>();
  for (const [at, outcome] of report.outcomes.entries()) {
    const target = targets[at]!;
    if (outcome.kind === "done") facts.set(target, outcome.value.facts);
    else findings.push(sshFinding(target, outcome.error));
  }
  const version = wantedVersion(cluster.ray.version, cluster.head, facts.get(head), testedRayVersion);
  for (const [target, known] of facts) {
    findings.push({ host: target.name, check: "ssh", state: "ok", what: target.isLocal ? "this machine" : `logs in as ${known.user}` });
    findings.push(...hostFindings(session, target, known, version));
  }
  findings.push(...pythonFindings(session, facts, version), ...exposure(session, version));
  const daemon = report.outcomes[0]?.kind === "done" ? report.outcomes[0].value.daemon : undefined;
  if (daemon?.state === "silent") findings.push({ host: head.name, check: "daemon", state: "failed", what: `the JobManager's process runs, but it does not answer at port ${daemon.port}${daemon.why ? `: ${daemon.why}` : ""}`, fix: "See its log: sage jobmanager logs. Then: sage jobmanager restart --remote" });
  else if (daemon?.state === "down") findings.push({ host: head.name, check: "daemon", state: "warning", what: "no JobManager runs: no jobs can be submitted", fix: "Start it: sage jobmanager start --remote" });
  else if (daemon) findings.push({ host: head.name, check: "daemon", state: "ok", what: `the JobManager answers at port ${daemon.port}${daemon.security === "TLS" ? ", over TLS" : ""}` });
  if (daemon?.security === "clear text") findings.push({ host: head.name, check: "daemon", state: "warning", what: "the JobManager speaks clear text with other hosts: who listens in on the network reads its token", fix: "Run: sage config set daemon.tls.mode auto, then: sage jobmanager restart --remote" });
  findings.push(...(await networkFindings(session, [...facts.keys()])));
  if (daemon?.state === "up") await leaveFindings(session, findings);
  return { findings };
}

/** For the daemon's pages: it cannot look from outside itself. */
async function leaveFindings(session: ClusterSession, findings: readonly Finding[]): Promise<void> {
  const host = await session.host(session.head);
  const path = `${session.head.daemonHome}/${doctorFileName}`;
  await host.upload(path, Buffer.from(JSON.stringify({ findings })), { mode: 0o600, signal: session.signal }).catch(() => session.signal.throwIfAborted());
}

/** SSH itself does not use a key that others may read. */
async function keyFindings({ targets }: ClusterSession): Promise<Finding[]> {
  const paths = new Map<string, string>();
  for (const { name, host } of targets) for (const { key } of host.logins) if (key?.from === "path" && !paths.has(key.path)) paths.set(key.path, name);
  return Promise.all([...paths].map(async ([path, host]): Promise<Finding> => {
    try {
      const { mode } = await stat(path);
      if ((mode & 0o077) !== 0) return { host, check: "key", state: "failed", what: `${path} can be read by others (mode ${(mode & 0o777).toString(8)})`, fix: `Run: chmod 600 ${path}` };
      return { host, check: "key", state: "ok", what: `${path} is there, and private` };
    } catch {
      return { host, check: "key", state: "failed", what: `there is no key ${path}`, fix: "Make one (ssh-keygen -t ed25519), bring it to the hosts (ssh-copy-id), and name it: sage config set ssh.key_path PATH" };
    }
  }));
}

function sshFinding(target: Target, error: unknown): Finding {
  const { text, fix } = failedReport(target, error);
  return { host: target.name, check: "ssh", state: "failed", what: text, fix: fix ?? `Try by hand: ssh -v ${target.host.host}` };
}

function hostFindings({ cluster }: ClusterSession, target: Target, facts: HostFacts, rayVersion: string): Finding[] {
  const { host, name } = target;
  const plan = planFor(cluster, host, facts, { rayVersion, starts: true });
  const checkOf = (what: string) => (/port/.test(what) ? "port" : /MiB free/.test(what) ? "disk" : /clock/.test(what) ? "clock" : /Ray|ray_command/.test(what) ? "ray" : /Python/.test(what) ? "python" : /write|link|belongs/.test(what) ? "folder" : "tools");
  const findings = plan.problems.map(({ what, fix, blocks }): Finding => ({ host: name, check: checkOf(what), state: blocks ? "failed" : "warning", what, fix }));
  const ray = foundRay(facts, host, rayVersion);
  if (ray) findings.push({ host: name, check: "ray", state: "ok", what: `Ray ${rayVersion} at ${ray.path}` });
  else if (plan.steps.some(({ kind }) => kind === "install-ray")) findings.push({ host: name, check: "ray", state: "warning", what: `Ray ${rayVersion} is not there yet`, fix: "Install it: sage cluster deploy (start does it, too)" });
  const record = facts.processes.find((process) => process.name === recordNames[host.role]);
  if (record && !record.running && record.members.length > 0) findings.push({ host: name, check: "leftovers", state: "failed", what: `an earlier Ray ended and left ${record.members.length} processes`, fix: `End them: sage ${host.role} stop` });
  else if (!record && facts.dirs.some(({ path, mark }) => path === host.tempDir && mark === cluster.name)) findings.push({ host: name, check: "leftovers", state: "warning", what: `${host.tempDir} is left of an earlier run`, fix: `Empty it: sage ${host.role} stop` });
  return findings;
}

/** Ray wants one Python on all hosts, down to the last digit. */
function pythonFindings({ head }: ClusterSession, facts: ReadonlyMap<Target, HostFacts>, rayVersion: string): Finding[] {
  const versions = new Map([...facts].flatMap(([target, known]) => {
    const version = foundRay(known, target.host, rayVersion)?.version;
    return version === undefined ? [] : [[target, version] as const];
  }));
  const reference = versions.get(head);
  if (reference === undefined) return [];
  const others = [...versions].filter(([, version]) => version !== reference);
  if (others.length === 0) return [{ host: head.name, check: "python", state: "ok", what: `Python ${reference} behind every Ray` }];
  return others.map(([target, version]) => ({ host: target.name, check: "python", state: "failed" as const, what: `its Ray runs on Python ${version}, the head's on ${reference}`, fix: "Point python_path at the same version on every host." }));
}

function exposure({ cluster, head }: ClusterSession, rayVersion: string): Finding[] {
  const { dashboardHost, dashboardPort } = cluster.head;
  const asks = hasTokenMode(cluster, rayVersion);
  const doors: Finding = asks
    ? { host: head.name, check: "ports", state: "ok", what: "Ray's ports ask for a token; what passes through them is not encrypted: keep the hosts on a network of their own" }
    : { host: head.name, check: "ports", state: "warning", what: `Ray's ports ask nobody for a token (${cluster.ray.auth === "off" ? "ray.auth is off" : `Ray ${rayVersion} knows none`}): who reaches them can run programs`, fix: cluster.ray.auth === "off" ? "Run: sage config set ray.auth auto" : "Use Ray 2.52 or later, or let the firewall keep others out." };
  if (isLoopback(dashboardHost)) return [doors, { host: head.name, check: "dashboard", state: "ok", what: "Ray's dashboard listens on loopback alone" }];
  return [doors, {
    host: head.name, check: "dashboard", state: asks ? "warning" : "failed", fix: "Run: sage config set head.dashboard_host 127.0.0.1; see it by: sage tunnel",
    what: `Ray's dashboard listens on ${dashboardHost}:${dashboardPort}, ${asks ? "where others can try tokens" : "and asks nobody for a password: who reaches it can run programs"}`,
  }];
}

async function networkFindings(session: ClusterSession, reached: readonly Target[]): Promise<Finding[]> {
  if (reached.length < 2) return [];
  const { blocked, unknown } = await blockedPairs(session, reached);
  const findings = blocked.map(({ from, to, port }): Finding => ({ host: from, check: "network", state: "failed", what: `${from} gets no answer from ${to} at port ${port}`, fix: `Open the port between the two in the firewall; Ray needs all ports from 1024 up between its hosts.` }));
  for (const host of unknown) findings.push({ host, check: "network", state: "warning", what: "its ways to the others could not be tried: it has no Python 3", fix: "Install python3 there." });
  if (findings.length === 0) findings.push({ host: session.head.name, check: "network", state: "ok", what: `all ${reached.length} hosts reach one another` });
  return findings;
}
