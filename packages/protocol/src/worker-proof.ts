// How a worker and its daemon show one another that they know the job's secret without sending it.

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** What a worker's proof covers; a proof for one worker of one attempt is no proof for another. */
export interface ProvenFacts {
  readonly jobId: string;
  readonly attempt: number;
  readonly workerIndex: number;
  readonly workerId: string;
  /** 16 random bytes, made by the worker. */
  readonly nonce: Uint8Array;
}

export const newNonce = (): Buffer => randomBytes(16);

/** For `Hello.proof`: HMAC-SHA256 over the facts. */
export function workerProof(secretHex: string, facts: ProvenFacts): Buffer {
  const text = ["worker", facts.jobId, facts.attempt, facts.workerIndex, facts.workerId].join("|");
  return hmac(secretHex, text, facts.nonce);
}

/** For `Welcome.proof`: over the nonce of the Hello that it answers. */
export const daemonProof = (secretHex: string, nonce: Uint8Array): Buffer => hmac(secretHex, "daemon", nonce);

function hmac(secretHex: string, text: string, nonce: Uint8Array): Buffer {
  return createHmac("sha256", Buffer.from(secretHex, "hex")).update(`${text}|`).update(nonce).digest();
}

/** Compares in a time that does not depend on where they differ. */
export function sameProof(given: Uint8Array, expected: Uint8Array): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
