import { isSageError } from "@sage/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { frameLimitBytes, FrameParser, FrameType, makeCountsFrame, makeFrame } from "./frame.ts";

type Seen = [type: number, channelId: number, payload: string];

function parserInto(seen: Seen[], limitBytes?: number): FrameParser {
  return new FrameParser((type, channelId, payload) => void seen.push([type, channelId, payload.toString("hex")]), limitBytes);
}

test("frames come out whole and in order, however the bytes are cut", () => {
  const frames = fc.array(fc.tuple(fc.nat(255), fc.nat(0xffffffff), fc.uint8Array({ maxLength: 300 })), { maxLength: 10 });
  fc.assert(fc.property(frames, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (sent, cuts) => {
    const seen: Seen[] = [];
    const parser = parserInto(seen);
    const bytes = Buffer.concat(sent.map(([type, channelId, payload]) => makeFrame(type, channelId, payload)));
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const end = at + cuts[i % cuts.length]!;
      parser.push(bytes.subarray(at, end));
      at = end;
    }
    expect(seen).toEqual(sent.map(([type, channelId, payload]) => [type, channelId, Buffer.from(payload).toString("hex")]));
  }), { numRuns: 500 });
});

test("a payload over the limit is a typed error as soon as its length is known, before memory is taken for it", () => {
  const header = Buffer.alloc(4);
  header.writeUInt32LE(frameLimitBytes + 6);
  expect(() => parserInto([]).push(header)).toThrow(expect.objectContaining({ code: "SAGE_FRAME_TOO_LARGE" }));
  header.writeUInt32LE(frameLimitBytes + 5);
  expect(() => parserInto([]).push(header)).not.toThrow();
});

test("a frame shorter than its header is refused", () => {
  expect(() => parserInto([]).push(Buffer.from([4, 0, 0, 0, 0, 0, 0, 0, 0]))).toThrow(expect.objectContaining({ code: "SAGE_BAD_FRAME" }));
});

test("a stopped parser hands on nothing more, also from the same chunk", () => {
  const seen: Seen[] = [];
  const parser = parserInto(seen);
  parser.onFrame = (type) => {
    seen.push([type, 0, ""]);
    parser.stopped = true;
  };
  parser.push(Buffer.concat([makeFrame(1, 0), makeFrame(2, 0)]));
  expect(seen).toHaveLength(1);
});

test("a small payload does not keep the chunk it came in", () => {
  const chunk = Buffer.alloc(64 * 1024);
  const frame = makeFrame(FrameType.batch, 1, Buffer.from("small"));
  frame.copy(chunk, 0);
  chunk.writeUInt32LE(chunk.length - frame.length - 4, frame.length);
  let first: Buffer | undefined;
  new FrameParser((_type, _channelId, payload) => void (first ??= payload)).push(chunk);
  expect(first!.toString()).toBe("small");
  expect(first!.buffer).not.toBe(chunk.buffer);
});

test("20,000 random or damaged streams give frames or a typed error, and stay in bounds", () => {
  const sample = Buffer.concat([makeFrame(18, 3, Buffer.alloc(40, 7)), makeCountsFrame(17, 3, 1), makeFrame(19, 3, Buffer.of(0))]);
  let state = 20261121;
  const random = (below: number) => ((state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 8) % below;
  let refused = 0;
  for (let i = 0; i < 20_000; i++) {
    const bytes = Buffer.from(sample);
    for (let n = 1 + random(3); n > 0; n--) bytes[random(bytes.length)] = random(256);
    const parser = parserInto([], 1_000);
    try {
      const cut = random(bytes.length);
      parser.push(bytes.subarray(0, cut));
      parser.push(bytes.subarray(cut));
    } catch (error) {
      if (!isSageError(error)) throw error;
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(1_000);
});
