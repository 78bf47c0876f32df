// The word of a worker whose event loop is blocked, said by another thread on a connection of its own.

import { callUnary, pulsePurpose, clientOfBoot, type WorkerBoot } from "@sage/protocol";
import type { FoundBlock } from "./block-watch-thread.ts";
import { ownProofs } from "./own-proofs.ts";

const deadlineMs = 5_000;

/** Tells the daemon that the worker is alive, and what blocks it. @param daemonNonce - shared with the worker's link. */
export function openPulse(boot: WorkerBoot, daemonNonce: Uint8Array) {
  const client = clientOfBoot(boot);
  const ownerOf = ownProofs(boot, daemonNonce);
  return {
    async say({ operator, index, stack, atMs }: FoundBlock, forMs: number): Promise<void> {
      await callUnary(client, "Pulse", { owner: ownerOf(pulsePurpose), operator, index, block: { atMs: Math.round(atMs), durationMs: Math.round(forMs), isOver: false, stack } }, { deadlineMs });
    },
  };
}
