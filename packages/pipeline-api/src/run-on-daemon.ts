// Submissions that run on a daemon: one of this program alone, or one that others share.

import { messageOf } from "@sage/core";
import type { DurabilityOptions, HealthReport, RunningJob } from "@sage/graph";
import { bundleProgram, connectJobManager, type ConnectOptions, type JobManagerClient, type ProgramBundle } from "@sage/jobmanager-client";
import { daemonAddress, type RemoteTarget } from "./daemon-address.ts";
import { DaemonJob } from "./daemon-job.ts";
import type { Work } from "./default-host.ts";
import type { JobSettings } from "./job-settings.ts";
import { entryModule } from "./entry-module.ts";
import { shareEphemeralDaemon } from "./ephemeral-daemon.ts";

/** Runs in worker processes that end with this program. @param ray - where what is remote runs; undefined: in processes too. */
export async function submitToProcesses(work: Work, ray?: string): Promise<RunningJob> {
  const bundle = await bundleOf(work);
  const share = await shareEphemeralDaemon(ray);
  return submitTo(share.client, work, { bundle, isLocal: true, env: shareableEnv(process.env), release: async () => share[Symbol.asyncDispose]() });
}

export async function submitRemote(work: Work, target: RemoteTarget): Promise<RunningJob> {
  const [bundle, address] = await Promise.all([bundleOf(work), reachable(target, work.settings)]);
  const { signal } = work.submission.options;
  const client = await connectJobManager({ ...address, ...(signal ? { signal } : {}) });
  return submitTo(client, work, { bundle, isLocal: false, env: {}, release: async () => client.close() });
}

export async function remoteHealth(target: RemoteTarget, settings: JobSettings): Promise<HealthReport> {
  const address = await reachable(target, settings);
  try {
    await using client = await connectJobManager({ ...address, deadlineMs: 10_000 });
    const { healthy, status } = await client.health();
    return { healthy, target: "remote", detail: `the daemon at ${client.address} is ${status}` };
  } catch (error) {
    return { healthy: false, target: "remote", detail: messageOf(error) };
  }
}

async function reachable(target: RemoteTarget, { reach }: JobSettings): Promise<ConnectOptions> {
  const daemon = await daemonAddress(target);
  const { host = "127.0.0.1", port = 19_001 } = daemon();
  return daemon(await reach?.({ host, port }));
}

interface Place {
  readonly bundle: ProgramBundle;
  readonly isLocal: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly release: () => Promise<void>;
}

async function submitTo(client: JobManagerClient, work: Work, { bundle, isLocal, env, release }: Place): Promise<RunningJob> {
  const { submission, plan, pipelineIndex, settings } = work;
  const { signal } = submission.options;
  const outside = isLocal ? {} : (settings.submission ?? {});
  const id = (pipelineIndex === 0 ? outside.id : undefined) ?? submission.options.id;
  const labels = { ...submission.options.labels, ...outside.labels };
  const name = outside.name ?? submission.graph.name;
  try {
    const handle = await client.submitGraph({
      graph: submission.graph, name, labels, plan, bundle, pipelineIndex, params: submission.params, env, argv: settings.argv ?? process.argv.slice(2),
      ...durabilityOf(submission.options), ...durabilityOf(outside),
      ...(id === undefined ? {} : { id }), ...(signal ? { signal } : {}),
    });
    for (const warning of handle.warnings) settings.onWarning?.(warning);
    outside.onAccepted?.({ jobId: handle.id, name });
    return new DaemonJob({ client, handle, submission, plan, settings, isLocal, release });
  } catch (error) {
    await release();
    throw error;
  }
}

function durabilityOf({ checkpoints, restart, fromSavepoint, allowDroppedState }: DurabilityOptions): DurabilityOptions {
  return {
    ...(checkpoints ? { checkpoints } : {}), ...(restart ? { restart } : {}),
    ...(fromSavepoint === undefined ? {} : { fromSavepoint }), ...(allowDroppedState === undefined ? {} : { allowDroppedState }),
  };
}

function bundleOf({ submission, settings }: Work): Promise<ProgramBundle> {
  if (submission.entry === undefined && settings.bundle) return Promise.resolve(settings.bundle);
  return bundleProgram(entryModule(submission.entry));
}

/** Names that change what program runs; workers do not take them from a job. */
const ownToProcess = /^(PATH|HOME|SHELL|BASH_ENV|ENV|IFS|TMPDIR|LD_.*|DYLD_.*|NODE_.*|SAGE_.*|UV_.*|GCONV_PATH|OPENSSL_.*|SSLKEYLOGFILE|__proto__)$/;

/** Workers of this program see its environment, as code in this process would. */
function shareableEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) =>
    (value === undefined || ownToProcess.test(name) || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? [] : [[name, value]])));
}
