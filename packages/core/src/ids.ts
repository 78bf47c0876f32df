// Branded ids, so that a worker's id never passes for a job's.

import { randomBytes } from "node:crypto";

export type JobId = string & { readonly brand: "JobId" };
export type WorkerId = string & { readonly brand: "WorkerId" };

/** A UUID version 7 (RFC 9562): sorts by its time of making. */
export function uuidV7(nowMs: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const newJobId = (): JobId => uuidV7() as JobId;
export const newWorkerId = (): WorkerId => uuidV7() as WorkerId;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether `text` is written as a full lower-case UUID, which is the form of every id here. */
export const isUuid = (text: string): boolean => uuidPattern.test(text);
