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

/** What makes a proof one for a single call: nobody who has seen it can use it again. */
export interface ProofScope {
  /** Of the daemon's Challenge: a proof is of no use with the next daemon. */
  readonly daemonNonce: Uint8Array;
  /** What is asked for, in full: `attach`, `pulse`, or which file. */
  readonly purpose: string;
  /** Of the worker's calls; 0 for `attach`, whose nonce is remembered. */
  readonly serial: number;
}

export const attachPurpose = "attach";
export const pulsePurpose = "pulse";
export const uploadPurpose = (checkpointId: number, name: string, sha256: string): string => `upload ${checkpointId} ${name} ${sha256}`;
export const downloadPurpose = (door: "ArtifactDownload" | "StateDownload", sha256: string): string => `${door} ${sha256}`;

export const newNonce = (): Buffer => randomBytes(16);

/** For `Hello.proof` and `StateOwner.proof`: HMAC-SHA256 over the facts and what the call is for. */
export function workerProof(secretHex: string, facts: ProvenFacts, { daemonNonce, purpose, serial }: ProofScope): Buffer {
  const text = ["worker", facts.jobId, facts.attempt, facts.workerIndex, facts.workerId, purpose, serial, Buffer.from(daemonNonce).toString("hex")].join("|");
  return hmac(secretHex, text, facts.nonce);
}

/** For `Hello.proof`. */
export const helloProof = (secretHex: string, facts: ProvenFacts, daemonNonce: Uint8Array): Buffer => workerProof(secretHex, facts, { daemonNonce, purpose: attachPurpose, serial: 0 });

/** For `Welcome.proof`: over the nonce of the Hello that it answers. */
export const daemonProof = (secretHex: string, nonce: Uint8Array): Buffer => hmac(secretHex, "daemon", nonce);

function hmac(secretHex: string, text: string, nonce: Uint8Array): Buffer {
  return createHmac("sha256", Buffer.from(secretHex, "hex")).update(`${text}|`).update(nonce).digest();
}

/** Compares in a time that does not depend on where they differ. */
export function sameProof(given: Uint8Array, expected: Uint8Array): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
