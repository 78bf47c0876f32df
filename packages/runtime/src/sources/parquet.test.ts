import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FilePosition } from "./file-position.ts";
import { openFileReader, type FileSourceSpec } from "./file-source.ts";
import { planSplits } from "./file-splits.ts";

let baseDir: string;
beforeAll(async () => {
  baseDir = await mkdtemp(join(tmpdir(), "sage-parquet-"));
});
afterAll(() => rm(baseDir, { recursive: true }));

const signal = new AbortController().signal;
type WriteOptions = Parameters<typeof parquetWriteBuffer>[0];

async function write(options: WriteOptions, name = "f.parquet"): Promise<FileSourceSpec> {
  await writeFile(join(baseDir, name), new Uint8Array(parquetWriteBuffer(options)));
  return { paths: [name], baseDir, format: "parquet" };
}

type Row = Record<string, unknown>;

async function read(spec: FileSourceSpec, index = 0, parallelism = 1): Promise<Row[]> {
  await using reader = openFileReader(spec, { index, parallelism, signal });
  const records: unknown[] = [];
  for (let batch = await reader.next(); batch; batch = await reader.next()) records.push(...batch);
  return records as Row[];
}

const count = 5_000;
const numbers = Array.from({ length: count }, (_, i) => i);
const everyType: WriteOptions["columnData"] = [
  { name: "id", data: numbers, type: "INT32", nullable: false },
  { name: "big", data: numbers.map((i) => (i % 3 === 0 ? null : BigInt(i) * -1_000_000_007n)), type: "INT64" },
  { name: "few", data: numbers.map((i) => BigInt(i % 7)), type: "INT64" },
  { name: "real", data: numbers.map((i) => (i % 5 === 0 ? null : i / 8)), type: "DOUBLE" },
  { name: "is", data: numbers.map((i) => (i % 11 === 0 ? null : i % 2 === 0)), type: "BOOLEAN" },
  { name: "text", data: numbers.map((i) => (i % 4 === 0 ? null : `tëxt ${i}`)), type: "STRING" },
  { name: "word", data: numbers.map((i) => ["a", "b", null][i % 3]), type: "STRING" },
  { name: "at", data: numbers.map((i) => (i % 6 === 0 ? null : new Date(i * 1_000_003 - 5e8))), type: "TIMESTAMP" },
  { name: "json", data: numbers.map((i) => ({ i: i % 10 })), type: "JSON" },
];
const everyRow: Row[] = numbers.map((i) => ({
  id: i,
  big: i % 3 === 0 ? null : i * -1_000_000_007,
  few: i % 7,
  real: i % 5 === 0 ? null : i / 8,
  is: i % 11 === 0 ? null : i % 2 === 0,
  text: i % 4 === 0 ? null : `tëxt ${i}`,
  word: ["a", "b", null][i % 3],
  at: i % 6 === 0 ? null : new Date(i * 1_000_003 - 5e8),
  json: { i: i % 10 },
}));
const pages = { pageSize: 2_000, rowGroupSize: 1_200 };

test("every type comes back in every page and row group, nulls as null", async () => {
  expect(await read(await write({ columnData: everyType, ...pages }))).toEqual(everyRow);
});

test("pages packed by zlib, snappy or not at all read alike", async () => {
  const compressors = { GZIP: gzipSync, BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes) };
  for (const codec of ["UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI"] as const) {
    expect(await read(await write({ columnData: everyType, codec, compressors, ...pages }))).toEqual(everyRow);
  }
});

test("columns longer than what is read of the file at once keep their pages whole", async () => {
  const data = Array.from({ length: 100_000 }, (_, i) => Math.sin(i));
  const columnData: WriteOptions["columnData"] = [{ name: "x", data, type: "DOUBLE" }];
  for (const pageSize of [30_000, 50]) {
    // Of pages of 50 bytes, some have their header cut as well.
    const spec = await write({ columnData, codec: "UNCOMPRESSED", pageSize, rowGroupSize: data.length });
    expect((await read(spec)).map((row) => row.x)).toEqual(data);
  }
});

test("each instance reads its row groups, and together they read every row once", async () => {
  const spec = await write({ columnData: everyType, ...pages });
  expect(await planSplits(spec, signal)).toHaveLength(5);
  const shares = await Promise.all([0, 1, 2].map((index) => read(spec, index, 3)));
  expect(shares.map((share) => share.length)).toEqual([2_400, 1_400, 1_200]);
  expect(shares.flat().sort((a, b) => Number(a.id) - Number(b.id))).toEqual(everyRow);
});

test("a reader goes on from any batch with the next row, between pages and inside them", async () => {
  const spec = { ...(await write({ columnData: everyType, ...pages })), batchSize: 97 };
  const rows: unknown[] = [];
  for (let position: FilePosition | undefined; ; ) {
    await using reader = openFileReader(spec, { index: 0, parallelism: 1, signal, ...(position ? { position } : {}) });
    const batch = await reader.next();
    if (!batch) break;
    rows.push(...batch);
    position = JSON.parse(JSON.stringify(reader.position())) as FilePosition;
  }
  expect(rows).toEqual(everyRow);
});

test("only the columns that are named are read, in their order", async () => {
  const spec = await write({ columnData: everyType, ...pages });
  const [, row] = await read({ ...spec, columns: ["text", "id"] });
  expect(Object.entries(row!)).toEqual([["text", "tëxt 1"], ["id", 1]]);
  await expect(read({ ...spec, columns: ["txet"] })).rejects.toMatchObject({
    code: "SAGE_COLUMN_NOT_FOUND", hint: expect.stringContaining('"text"'),
  });
});

test("a 64-bit integer that is not exact as a number names its column and the way out", async () => {
  const exact = [0n, -1n, 2n ** 31n, -(2n ** 31n) - 1n, BigInt(Number.MAX_SAFE_INTEGER), BigInt(Number.MIN_SAFE_INTEGER)];
  expect(await read(await write({ columnData: [{ name: "n", data: exact }] }))).toEqual(exact.map((n) => ({ n: Number(n) })));
  for (const large of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)]) {
    const spec = await write({ columnData: [{ name: "n", data: [1n, large] }] });
    await expect(read(spec)).rejects.toMatchObject({
      code: "SAGE_UNSAFE_INTEGER",
      message: `${join(baseDir, "f.parquet")}: column "n" holds ${large}, which is not exact as a number`,
      hint: expect.stringContaining('int64: "bigint"'),
    });
    expect(await read({ ...spec, parquet: { int64: "bigint" } })).toEqual([{ n: 1n }, { n: large }]);
  }
});

test("unsigned integers, decimals, days and nanoseconds are what they stand for", async () => {
  const columns = [
    { element: { type: "INT64", converted_type: "UINT_64" }, data: [5n, 2n ** 40n], expected: [5, 2 ** 40] },
    { element: { type: "INT32", converted_type: "DECIMAL", scale: 1, precision: 5 }, data: [0.3, -1.1], expected: [0.3, -1.1] },
    { element: { type: "INT32", converted_type: "DATE" }, data: [new Date(0), new Date(-86_400_000)], expected: [new Date(0), new Date(-86_400_000)] },
    {
      element: { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "NANOS" } },
      data: [new Date(1_700_000_000_123), new Date(-1)], expected: [new Date(1_700_000_000_123), new Date(-1)],
    },
    {
      element: { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" } },
      data: [new Date(253_402_300_799_999), new Date(-62_135_596_800_000)],
      expected: [new Date(253_402_300_799_999), new Date(-62_135_596_800_000)],
    },
  ] as const;
  for (const { element, data, expected } of columns) {
    const schema = [{ name: "root", num_children: 1 }, { name: "v", repetition_type: "REQUIRED" as const, ...element }];
    const spec = await write({ columnData: [{ name: "v", data: [...data] }], schema });
    expect(await read(spec)).toEqual(expected.map((v) => ({ v })));
  }
});

test("bytes stay bytes unless they are told to be text", async () => {
  const data = [Uint8Array.of(0xff, 0x00), Uint8Array.of(0x61)];
  const spec = await write({ columnData: [{ name: "b", data, type: "BYTE_ARRAY" }] });
  expect(await read(spec)).toEqual(data.map((b) => ({ b })));
  expect(await read({ ...spec, parquet: { binaryAsText: true } })).toEqual([{ b: "\ufffd\u0000" }, { b: "a" }]);
});

test("no record shares a Date, bytes or JSON with another", async () => {
  const day = new Date(86_400_000);
  const columnData: WriteOptions["columnData"] = [
    { name: "at", data: Array(100).fill(day), type: "TIMESTAMP" },
    { name: "bytes", data: Array(100).fill(Uint8Array.of(7)), type: "BYTE_ARRAY" },
    { name: "json", data: Array(100).fill({ x: 1 }), type: "JSON" },
  ];
  const [first, second] = (await read(await write({ columnData }))) as { at: Date; bytes: Uint8Array; json: { x: number } }[];
  first!.at.setTime(0);
  first!.bytes[0] = 0;
  first!.json.x = 0;
  expect(second).toEqual({ at: day, bytes: Uint8Array.of(7), json: { x: 1 } });
});

test("lists and structs become arrays and objects, and a reader goes on inside them", async () => {
  const schema: WriteOptions["schema"] = [
    { name: "root", num_children: 2 },
    { name: "id", type: "INT32", repetition_type: "REQUIRED" },
    { name: "tags", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", repetition_type: "OPTIONAL", type: "INT64" },
  ];
  const tags = numbers.slice(0, 500).map((i) => (i % 5 === 0 ? null : Array.from({ length: i % 4 }, (_, j) => (j === 2 ? null : j))));
  const data = tags.map((list) => list && list.map((j) => (j === null ? null : BigInt(j))));
  const columnData = [{ name: "id", data: numbers.slice(0, 500) }, { name: "tags", data }];
  const spec = { ...(await write({ columnData, schema, rowGroupSize: 200 })), batchSize: 30 };
  const expected = tags.map((list, id) => ({ id, tags: list }));
  expect(await read(spec)).toEqual(expected);
  await using reader = openFileReader(spec, { index: 0, parallelism: 1, signal });
  for (let i = 0; i < 9; i++) await reader.next();
  const { position } = { position: reader.position() };
  await using next = openFileReader(spec, { index: 0, parallelism: 1, signal, position });
  expect(await next.next()).toEqual(await reader.next());
  await expect(read({ ...spec, parquet: { maxPageBytes: 100 }, columns: ["tags"] })).rejects.toThrow("nested column");
});

test("a page that would take more memory than allowed is refused before it is unpacked", async () => {
  const spec = await write({ columnData: everyType });
  await expect(read({ ...spec, parquet: { maxPageBytes: 10_000 } })).rejects.toMatchObject({
    code: "SAGE_BAD_PARQUET", message: expect.stringContaining("a page needs about"), hint: expect.stringContaining("10000"),
  });
});

test("a file that is no Parquet or is damaged says so", async () => {
  const problem = (bytes: Uint8Array) => writeFile(join(baseDir, "bad.parquet"), bytes).then(() =>
    read({ paths: ["bad.parquet"], baseDir, format: "parquet" }),
  );
  const whole = new Uint8Array(parquetWriteBuffer({ columnData: everyType }));
  const code = "SAGE_BAD_PARQUET";
  await expect(problem(new Uint8Array(0))).rejects.toMatchObject({ code });
  await expect(problem(Buffer.from("a,b\n1,2\n3,4\n5,6\n"))).rejects.toMatchObject({ code });
  await expect(problem(whole.subarray(0, whole.length - 10))).rejects.toMatchObject({ code });
  const damaged = whole.slice();
  damaged.fill(0xff, 4, 2_000);
  await expect(problem(damaged)).rejects.toMatchObject({ code, message: expect.stringContaining('column "id" of row group 0') });
});

test("a Parquet file without rows holds no records", async () => {
  expect(await read(await write({ columnData: [{ name: "a", data: [], type: "INT32" }] }))).toEqual([]);
});
