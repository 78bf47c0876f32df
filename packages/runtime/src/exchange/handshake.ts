// How two workers show one another that they belong to one attempt of one job, without sending the job's secret:
//
//   dialler → hello (who, to whom, job, attempt, its nonce)
//   dialler ← challenge (listener's nonce, listener's proof)
//   dialler → proof
//   dialler ← welcome
//
// Both proofs are HMAC-SHA256 under the secret over the role, the whole hello and the listener's nonce, so none serves
// twice, in the other direction, or for another job, attempt or worker. What follows is neither encrypted nor signed.

import { createHmac, timingSafeEqual } from "node:crypto";

export const nonceBytes = 32;
const proofBytes = 32;
const version = 1;
const fixedBytes = 13 + nonceBytes;
/** No handshake frame carries more; the parser's limit until a peer is known. */
export const handshakeLimitBytes = 512;

export interface Hello {
  readonly jobId: string;
  readonly attempt: number;
  /** Index of the worker that dials, and sends records. */
  readonly from: number;
  /** Index of the worker that listens, and receives them. */
  readonly to: number;
  readonly nonce: Uint8Array;
}

/** Payload: version u8, attempt u32, from u32, to u32, nonce, job id as UTF-8. */
export function encodeHello(hello: Hello): Buffer {
  const payload = Buffer.alloc(fixedBytes);
  payload[0] = version;
  payload.writeUInt32LE(hello.attempt, 1);
  payload.writeUInt32LE(hello.from, 5);
  payload.writeUInt32LE(hello.to, 9);
  payload.set(hello.nonce, 13);
  return Buffer.concat([payload, Buffer.from(hello.jobId)]);
}

/** Undefined if these bytes are no hello. */
export function decodeHello(payload: Buffer): Hello | undefined {
  if (payload.length <= fixedBytes || payload[0] !== version) return undefined;
  return {
    attempt: payload.readUInt32LE(1), from: payload.readUInt32LE(5), to: payload.readUInt32LE(9),
    nonce: payload.subarray(13, fixedBytes), jobId: payload.toString("utf8", fixedBytes),
  };
}

export const refusals = {
  otherJob: 1, otherAttempt: 2, otherWorker: 3, badProof: 4, alreadyConnected: 5,
} as const;

const reasons: Record<number, string> = {
  [refusals.otherJob]: "it runs another job", [refusals.otherAttempt]: "it runs another attempt of the job",
  [refusals.otherWorker]: "it is another worker", [refusals.badProof]: "it does not accept this worker's proof of the job's secret",
  [refusals.alreadyConnected]: "it already has a connection from this worker",
};

export const reasonOf = (refusal: number | undefined): string => reasons[refusal ?? 0] ?? "it gave no reason";

/** Why a hello is not for this worker; undefined if it is. */
export function refusalOf(hello: Hello, own: { jobId: string; attempt: number; workerIndex: number }): number | undefined {
  if (hello.jobId !== own.jobId) return refusals.otherJob;
  if (hello.attempt !== own.attempt) return refusals.otherAttempt;
  return hello.to === own.workerIndex ? undefined : refusals.otherWorker;
}

/** What a connection is for. */
export type Purpose = "records" | "calls";
type Role = "dialler" | "listener" | "caller" | "callee";

/** The roles of both ends: proofs for one purpose are none for the other. */
export const rolesOf = (purpose: Purpose): { readonly dialler: Role; readonly listener: Role } =>
  purpose === "records" ? { dialler: "dialler", listener: "listener" } : { dialler: "caller", listener: "callee" };

/** The proof of one side over an encoded hello and the listener's nonce. */
export function proofOf(secret: Uint8Array, role: Role, hello: Uint8Array, listenerNonce: Uint8Array): Buffer {
  return createHmac("sha256", secret).update(`sage data plane ${role}\0`).update(listenerNonce).update(hello).digest();
}

/** Compares in a time that does not depend on where they differ. */
export function isProof(given: Uint8Array, expected: Uint8Array): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Cuts a challenge into the listener's nonce and its proof; undefined if it is none. */
export function decodeChallenge(payload: Buffer): { nonce: Buffer; proof: Buffer } | undefined {
  if (payload.length !== nonceBytes + proofBytes) return undefined;
  return { nonce: payload.subarray(0, nonceBytes), proof: payload.subarray(nonceBytes) };
}
