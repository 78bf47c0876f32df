// What a worker puts between its daemon and the engine: data in, lines, results and dead letters out, and counts.

import { readRecordFile, type Deploy, type TaskMetricsInit, type WorkerBoot } from "@sage/protocol";
import { createReadStream } from "node:fs";
import { dirname } from "node:path";
import { Engine } from "../engine.ts";
import { DataPlane, type ListenOn } from "../exchange/index.ts";
import type { DeadLetter } from "../operators/failure-policy.ts";
import type { BlockBook } from "./block-book.ts";
import type { JobCheckpoints } from "./job-checkpoints.ts";
import { loadFields, type InstanceMetrics } from "../observe/instance-metrics.ts";
import type { JobFiles } from "./job-files.ts";
import type { ServiceDirectory } from "../services/service-directory.ts";
import type { UserCode } from "../user-code/user-code.ts";
import type { GroupTime } from "../time/alignment.ts";
import type { RemoteChannels } from "../wiring.ts";
import { textOf } from "./line-logger.ts";
import type { LogLines } from "./log-lines.ts";

/** Opens the worker's door to its peers. */
export function openDataPlane(boot: WorkerBoot, signal: AbortSignal, onSilence: (peerWorkerIndex: number, silentMs: number) => void): Promise<DataPlane> {
  const { jobId, attempt, workerIndex, secretHex, dataListen, heartbeatTimeoutMs } = boot;
  return DataPlane.open({ listen: listenOf(dataListen), jobId, attempt, workerIndex, secret: Buffer.from(secretHex, "hex"), signal, onSilence, ...(heartbeatTimeoutMs ? { silenceMs: heartbeatTimeoutMs } : {}) });
}

/** The data plane names its own socket, beside the one that the driver has thought of. */
function listenOf(address: string): ListenOn {
  if (address.startsWith("unix:")) return { kind: "unix", dir: dirname(address.slice(5)) };
  const [, host = "", from, to] = /^tcp:(.+):(\d+)(?:-(\d+))?$/.exec(address) ?? [];
  return { kind: "tcp", host: host.replace(/^\[|\]$/g, ""), port: to === undefined ? Number(from) : { from: Number(from), to: Number(to) } };
}

/** A worker runs one instance of an operator at most, so an edge and its two ends name a channel. */
function channelsOf(plane: DataPlane): RemoteChannels {
  return {
    output: (edgeIndex, _from, to) => plane.output(to, edgeIndex),
    input: (edgeIndex, from) => plane.input(edgeIndex, { from }),
  };
}

export interface JobEngineOptions {
  readonly code: UserCode;
  readonly boot: WorkerBoot;
  readonly deploy: Deploy;
  readonly files: JobFiles;
  readonly plane: DataPlane;
  readonly services: ServiceDirectory;
  readonly lines: LogLines;
  readonly signal: AbortSignal;
  readonly checkpoints: JobCheckpoints;
  readonly onCollect: (nodeId: string, batch: readonly unknown[], afterCheckpoint: number) => Promise<void>;
  readonly onDeadLetter: (letter: DeadLetter) => void;
  readonly onAlignment: (times: readonly GroupTime[]) => void;
}

export function openEngine({ code, boot, deploy, files, plane, services, lines, signal, checkpoints, onCollect, onDeadLetter, onAlignment }: JobEngineOptions): Promise<Engine> {
  const { staging } = checkpoints;
  const parallelism = new Map(code.plan.nodes.map((node) => [node.id, node.parallelism]));
  return Engine.open({
    plan: code.plan, graph: code.graph, jobId: boot.jobId, params: code.params, baseDir: deploy.baseDir, tempDir: boot.tempDir,
    slots: [boot.workerIndex], channels: channelsOf(plane), services, signal, onAlignment,
    alignment: { blocks: deploy.checkpoints?.guarantee !== "at-least-once", timeoutMs: deploy.checkpoints?.alignmentTimeoutMs ?? 0 },
    ...(staging ? { staging, restore: checkpoints.restores((nodeId) => parallelism.get(nodeId) ?? 1), onAwaitsCheckpoint: () => checkpoints.awaits() } : {}),
    hooks: {
      onLog: ({ operator, index, level, message, fields }) => { void lines.add({ level, place: { name: operator, index }, text: textOf(message, fields) }); },
      onPrint: (name, index, text) => lines.add({ level: "info", place: { name, index }, stream: "stdout", text }),
      onCollect: (nodeId, _index, batch, after) => onCollect(nodeId, batch, after),
      onDeadLetter,
      data: (nodeId) => recordsIn(deploy.dataPaths[nodeId], (path) => files.artifact(path, deploy.dataHashes[nodeId] ?? "", signal)),
    },
  });
}

/** Undefined: not shipped, so the program itself has made them. */
function recordsIn(path: string | undefined, locate: (path: string) => Promise<string>): Promise<readonly unknown[]> | undefined {
  return path === undefined ? undefined : locate(path).then(readAll);
}

async function readAll(path: string): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for await (const batch of readRecordFile(createReadStream(path))) for (const record of batch) all.push(record);
  return all;
}

export function toTaskMetrics(metrics: readonly InstanceMetrics[], nowMs: number, blocks: BlockBook): TaskMetricsInit[] {
  return metrics.map(({ nodeId, operator, progress = -1, load, queued: queuedBatches, watermarkMs, latency, ...counts }) => ({
    nodeId,
    instance: {
      ...counts, progress, queuedBatches, ...loadFields(load), ...blocks.of(operator, counts.index),
      ...(latency === undefined ? {} : { latencyP50Ms: latency.p50Ms, latencyP99Ms: latency.p99Ms, latencyMaxMs: latency.maxMs, latencySamples: latency.samples }),
      ...(watermarkMs === undefined ? {} : { hasWatermark: true, watermarkMs, watermarkLagMs: nowMs - watermarkMs }),
    },
  }));
}
