// What makes the daemon's workers run on the cluster: flags for the daemon, and the worker's program on every host's disk.
//
// Rule: a host that lacks the program, or cannot be reached now, is no failure here: the daemon sends it a package then.
import { readFile } from "node:fs/promises";
import { nodeRuntime, runtimePath, shipTree, switchRelease, treeOf, type Host } from "@sage/ssh-deploy";
import { workerRoot, workersPort } from "./layout.ts";
import { nodeAddress } from "./ray-node.ts";
import type { ClusterSession } from "./session.ts";

/** For the daemon's command line. */
export async function rayFlags(session: ClusterSession, host: Host, release: string, signal: AbortSignal): Promise<string[]> {
  const { daemon, head, ray } = session.cluster;
  return [
    "--ray-address", ray.address ?? `ray://127.0.0.1:${head.clientServerPort}`, "--advertise-host", daemon.advertiseHost ?? (await nodeAddress(host, head, signal)),
    "--workers-port", String(workersPort(daemon)), "--worker-path", `${workerRoot(head)}/releases/${release}/worker.mjs`, "--node-path", runtimePath(head.sageHome, nodeRuntime()),
    "--warm-workers", String(daemon.warmWorkers), "--ray-placement", ray.placement, ...(daemon.dataPorts === undefined ? [] : ["--data-ports", daemon.dataPorts]),
  ];
}

/** Puts the worker's program on all hosts that answer; gives its release. */
export async function shipWorker(session: ClusterSession, workerPath: string, signal: AbortSignal): Promise<string> {
  const tree = treeOf([{ path: "worker.mjs", content: await readFile(workerPath) }]);
  await session.each(session.targets, async (host, { target, signal: own }) => {
    await shipTree(host, workerRoot(target.host), tree, { signal: own });
    await switchRelease(host, workerRoot(target.host), tree.manifest.id, own);
  }, { signal, deadlineMs: shipDeadlineMs });
  return tree.manifest.id;
}

const shipDeadlineMs = 60_000;
