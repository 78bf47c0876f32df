// Channel events as payloads: kind u8, then a number as f64 where the kind has one, then flags u8.

import { BadFrameError } from "@sage/protocol/records";
import type { ChannelEvent } from "./channel.ts";

const end = 0;
const watermark = 1;
const idle = 2;
const barrier = 3;
const marker = 4;

export function encodeEvent(event: ChannelEvent): Buffer {
  switch (event.kind) {
    case "end": return Buffer.of(end);
    case "idle": return Buffer.of(idle);
    case "watermark": return withNumber(watermark, event.timeMs, 0);
    case "marker": return withNumber(marker, event.atMs, 0);
    case "barrier": return withNumber(barrier, event.checkpointId, event.savepoint ? 1 : 0);
  }
}

function withNumber(kind: number, value: number, flags: number): Buffer {
  const payload = Buffer.alloc(10);
  payload[0] = kind;
  payload.writeDoubleLE(value, 1);
  payload[9] = flags;
  return payload;
}

/** @throws `SAGE_BAD_FRAME` */
export function decodeEvent(payload: Buffer): ChannelEvent {
  const kind = payload[0];
  if (payload.length === 1 && kind === end) return { kind: "end" };
  if (payload.length === 1 && kind === idle) return { kind: "idle" };
  if (payload.length === 10 && (kind === watermark || kind === barrier || kind === marker)) {
    const value = payload.readDoubleLE(1);
    if (!Number.isNaN(value)) {
      if (kind === marker) return { kind: "marker", atMs: value };
      if (kind === watermark) return { kind: "watermark", timeMs: value };
      return { kind: "barrier", checkpointId: value, savepoint: payload[9] === 1 };
    }
  }
  throw new BadFrameError("an event that does not exist");
}
