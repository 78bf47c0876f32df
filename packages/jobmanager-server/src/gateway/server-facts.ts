// What the daemon says of itself and of its host.

import type { Clock } from "@sage/core";
import type { ServerInfoView } from "@sage/protocol";
import { serverInfoJson, type HostJson, type ServerJson, type WorkerJson } from "@sage/protocol/json";
import { statfs } from "node:fs/promises";
import { cpus, freemem, hostname, loadavg, platform, release, totalmem, uptime } from "node:os";
import type { ServerFacts } from "../services/job-service.ts";
import type { JobManager } from "../jobs/job-manager.ts";
import { doctorReport } from "./doctor-report.ts";
import { ownChecks } from "./own-checks.ts";
import type { RayWatch } from "./ray-watch.ts";
import { toWireCounts } from "../services/job-view.ts";

export interface ServerFactsParts {
  readonly jobs: JobManager;
  readonly facts: ServerFacts;
  readonly clock: Clock;
  readonly actions: readonly string[];
  readonly ray?: RayWatch;
}

export async function serverJson({ jobs, facts, clock, actions, ray }: ServerFactsParts): Promise<ServerJson> {
  const { user, system } = process.cpuUsage();
  const home = facts.home ?? "/";
  const [host, doctor, rayNow] = await Promise.all([hostJson(home), doctorReport(home), ray?.look() ?? null]);
  return {
    ...serverInfoJson({ ...facts, jobsByPhase: toWireCounts(jobs.jobsByPhase()) } as ServerInfoView),
    now: new Date(clock.now()).toISOString(),
    nodeVersion: process.version,
    residentBytes: process.memoryUsage.rss(),
    cpuMs: Math.round((user + system) / 1_000),
    host,
    workers: workersOf(jobs),
    ray: rayNow,
    findings: ownChecks(host),
    doctor,
    actions,
  };
}

function workersOf(jobs: JobManager): readonly WorkerJson[] {
  const found = new Map<string, WorkerJson>();
  for (const { record, operators } of jobs.list(["initializing", "running", "stopping", "recovering"])) {
    for (const { index, host, pid, workerId } of operators.flatMap((operator) => operator.instances)) {
      if (workerId !== "") found.set(workerId, { workerId, host, pid, jobId: record.jobId, job: record.name, index });
    }
  }
  return [...found.values()];
}

async function hostJson(home: string): Promise<HostJson> {
  const all = cpus();
  return {
    name: hostname(),
    platform: `${platform()} ${release()}`,
    cpus: all.length,
    cpuModel: all[0]?.model.trim() ?? "",
    load: loadavg(),
    memoryBytes: totalmem(),
    memoryFreeBytes: freemem(),
    disk: await diskOf(home),
    uptimeMs: Math.round(uptime() * 1_000),
  };
}

async function diskOf(path: string): Promise<HostJson["disk"]> {
  try {
    const { bsize, blocks, bavail } = await statfs(path);
    return { sizeBytes: bsize * blocks, freeBytes: bsize * bavail };
  } catch {
    return null;
  }
}
