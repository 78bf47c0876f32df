// How this worker shows in a single call that it is one of its job's: each proof is for one call to the daemon of now.

import { newNonce, workerProof, type StateOwnerInit, type WorkerBoot } from "@sage/protocol";

export type OwnerOf = (purpose: string) => StateOwnerInit;

/** @param daemonNonce - of the daemon of now; changes when there is another. */
export function ownProofs({ jobId, attempt, workerIndex, workerId, secretHex }: WorkerBoot, daemonNonce: Uint8Array): OwnerOf {
  let calls = 0;
  return (purpose) => {
    const [nonce, serial] = [newNonce(), ++calls];
    const proof = workerProof(secretHex, { jobId, attempt, workerIndex, workerId, nonce }, { daemonNonce, purpose, serial });
    return { jobId, attempt, workerIndex, workerId, nonce, serial, proof };
  };
}
