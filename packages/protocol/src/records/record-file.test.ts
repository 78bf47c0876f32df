import { expect, test } from "vitest";
import { readRecordFile, recordFileOf } from "./record-file.ts";

async function roundTrip(records: readonly unknown[], cutEvery: number): Promise<{ batches: number; records: unknown[] }> {
  const bytes = Buffer.concat([...recordFileOf(records)]);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += cutEvery) chunks.push(bytes.subarray(at, at + cutEvery));
  const read: unknown[] = [];
  let batches = 0;
  for await (const batch of readRecordFile(chunks)) {
    read.push(...batch);
    batches++;
  }
  return { batches, records: read };
}

test.each([1, 3, 1_000, 1_000_000])("records come back whole from chunks of %i bytes", async (cutEvery) => {
  const records = Array.from({ length: 5_000 }, (_, n) => (n % 7 === 0 ? null : { n, text: `row ${n}` }));
  const read = await roundTrip(records, cutEvery);
  expect(read.records).toEqual(records);
  expect(read.batches).toBeGreaterThan(3);
});

test("large records make small batches, so memory stays bounded", async () => {
  const records = Array.from({ length: 200 }, (_, n) => "x".repeat(100_000) + n);
  const sizes = [...recordFileOf(records)].map((batch) => batch.byteLength);
  expect(Math.max(...sizes.slice(8))).toBeLessThan(1_100_000);
  expect((await roundTrip(records, 65_536)).records).toEqual(records);
});

test("the same records give the same bytes; no records give no bytes", () => {
  const records = [{ a: 1, b: "x" }, null, [1, 2]];
  expect(Buffer.concat([...recordFileOf(records)])).toEqual(Buffer.concat([...recordFileOf(records)]));
  expect([...recordFileOf([])]).toEqual([]);
});

test("a file that ends early or is no such file is an error, not silence", async () => {
  const bytes = Buffer.concat([...recordFileOf([1, 2, 3])]);
  const read = async (chunk: Uint8Array) => { for await (const _ of readRecordFile([chunk])); };
  await expect(read(bytes.subarray(0, -1))).rejects.toMatchObject({ code: "SAGE_BAD_FRAME" });
  await expect(read(Buffer.from("not a file of records"))).rejects.toMatchObject({ code: "SAGE_BAD_FRAME" });
});
