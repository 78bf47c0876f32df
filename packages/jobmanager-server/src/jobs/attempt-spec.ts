// What the workers of a job's next attempt are told.

import type { Plan } from "@sage/protocol";
import { randomBytes } from "node:crypto";
import type { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import type { RestorePlan } from "../checkpoint/restore.ts";
import { checkpointSettings } from "../checkpoint/settings.ts";
import { ArtifactDamagedError } from "../errors.ts";
import type { ArtifactStore } from "../store/artifact-store.ts";
import type { Submission } from "../store/job-store.ts";
import type { AttemptSpec } from "./attempt-parts.ts";
import type { AdoptedAttempt, Job } from "./job.ts";

interface SpecParts {
  readonly artifacts: ArtifactStore;
  readonly checkpoints: CheckpointStore;
  readonly gracePeriodMs: number;
  readonly hasSuccessor: boolean;
  daemonAddress(): string;
}

/** @param plan - the submission's, or the same in another parallelism. */
export async function attemptSpec(job: Job, submission: Submission, plan: Plan, parts: SpecParts, restore?: RestorePlan): Promise<AttemptSpec> {
  const { jobId, attempt } = job.record;
  const settings = checkpointSettings(submission.checkpoints);
  const stagingDir = await parts.checkpoints.openStaging(jobId, attempt);
  return {
    jobId, number: attempt, plan, env: submission.env, stagingDir,
    deploy: {
      ...(await programOf(submission, parts.artifacts)), planJson: JSON.stringify(plan), attempt,
      checkpoints: { intervalMs: settings.intervalMs, alignmentTimeoutMs: settings.alignmentTimeoutMs, stagingDir, guarantee: settings.guarantee },
    },
    secretHex: randomBytes(32).toString("hex"),
    daemonAddress: parts.daemonAddress(),
    gracePeriodMs: parts.gracePeriodMs,
    outlivesDaemon: parts.hasSuccessor,
    isRecovery: job.record.restarts?.at(-1)?.recoveredMs === 0,
    ...(restore ? { restore } : {}),
  };
}

/** Of an attempt whose workers run already. */
export async function adoptedSpec(job: Job, submission: Submission, plan: Plan, parts: SpecParts, adopted: AdoptedAttempt): Promise<AttemptSpec> {
  const { jobId, attempt } = job.record;
  return {
    jobId, number: attempt, plan, env: submission.env, secretHex: adopted.secretHex, adopted: adopted.workers,
    stagingDir: parts.checkpoints.stagingDir(jobId, attempt),
    deploy: { planJson: "", attempt }, // they have their program
    daemonAddress: parts.daemonAddress(), gracePeriodMs: parts.gracePeriodMs, outlivesDaemon: true,
  };
}

function raise(error: Error): never {
  throw error;
}

/** The job's program, as a worker on this host finds it. @throws ArtifactDamagedError */
export async function programOf(submission: Submission, artifacts: ArtifactStore) {
  const path = async (hash: string) => (hash === "" ? "" : ((await artifacts.find(hash)) ?? raise(new ArtifactDamagedError(artifacts.pathOf(hash)))));
  const dataPaths: Record<string, string> = Object.create(null) as Record<string, string>;
  const dataHashes: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const { nodeId, hash } of submission.data) {
    dataPaths[nodeId] = await path(hash);
    dataHashes[nodeId] = hash;
  }
  const { bundleHash, sourceMapHash, paramsJson, argv, pipelineIndex, baseDir } = submission;
  return {
    paramsJson, argv: [...argv], pipelineIndex, baseDir, bundlePath: await path(bundleHash), bundleHash,
    sourceMapPath: await path(sourceMapHash), sourceMapHash, dataPaths, dataHashes,
  };
}
