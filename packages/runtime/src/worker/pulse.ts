// The word of a worker whose event loop is blocked, said by another thread on a connection of its own.

import { callUnary, newNonce, workerProof, workersClient, type WorkerBoot } from "@sage/protocol";
import type { FoundBlock } from "./block-watch-thread.ts";

const deadlineMs = 5_000;

/** Tells the daemon that the worker is alive, and what blocks it. */
export function openPulse(boot: WorkerBoot) {
  const client = workersClient(boot.daemonAddress);
  const { jobId, attempt, workerIndex, workerId } = boot;
  return {
    async say({ operator, index, stack, atMs }: FoundBlock, forMs: number): Promise<void> {
      const nonce = newNonce();
      const owner = { jobId, attempt, workerIndex, workerId, nonce, proof: workerProof(boot.secretHex, { jobId, attempt, workerIndex, workerId, nonce }) };
      await callUnary(client, "Pulse", { owner, operator, index, block: { atMs: Math.round(atMs), durationMs: Math.round(forMs), isOver: false, stack } }, { deadlineMs });
    },
  };
}
