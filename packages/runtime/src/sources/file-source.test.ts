import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redistribute, type FilePosition } from "./file-position.ts";
import { openFileReader, type FileReader, type FileSourceSpec } from "./file-source.ts";
import { planSplits } from "./file-splits.ts";

let baseDir: string;
beforeAll(async () => {
  baseDir = await mkdtemp(join(tmpdir(), "sage-files-"));
});
afterAll(() => rm(baseDir, { recursive: true }));

const signal = new AbortController().signal;
type Options = Omit<FileSourceSpec, "paths" | "baseDir">;

async function specOf(content: string | Buffer, options: Options, name = "f"): Promise<FileSourceSpec> {
  await writeFile(join(baseDir, name), content);
  return { paths: [name], baseDir, ...options };
}

async function drain(reader: FileReader): Promise<unknown[]> {
  const records: unknown[] = [];
  for (let batch = await reader.next(); batch; batch = await reader.next()) {
    expect(batch.length).toBeGreaterThan(0);
    records.push(...batch);
  }
  return records;
}

async function readShare(spec: FileSourceSpec, index: number, parallelism: number, position?: FilePosition) {
  await using reader = openFileReader(spec, { index, parallelism, signal, ...(position ? { position } : {}) });
  return await drain(reader);
}

const sorted = (records: readonly unknown[]) => records.map((record) => JSON.stringify(record)).sort();
const readAll = (spec: FileSourceSpec) => readShare(spec, 0, 1);

/** The records of all instances in the order of the splits, each instance having one split at a time. */
async function readSplitwise(spec: FileSourceSpec): Promise<unknown[]> {
  const count = Math.max(1, (await planSplits(spec, signal)).length);
  const shares = await Promise.all(Array.from({ length: count }, (_, index) => readShare(spec, index, count)));
  return shares.flat();
}

/** Reads in steps of one batch, each by a new reader that goes on from the last one's position. */
async function readInSteps(spec: FileSourceSpec, index: number, parallelism: number): Promise<unknown[]> {
  const records: unknown[] = [];
  for (let position: FilePosition | undefined; ; ) {
    await using reader = openFileReader(spec, { index, parallelism, signal, ...(position ? { position } : {}) });
    const batch = await reader.next();
    if (!batch) return records;
    records.push(...batch);
    position = JSON.parse(JSON.stringify(reader.position())) as FilePosition;
  }
}

const line = fc.string({ unit: fc.constantFrom("a", "ü", "漢", "😀", " ", "\t", "\r", "\ufeff"), maxLength: 8 });
/** Lines as they come back: the \r of the last character is taken for a part of the line end. */
const texts = fc.record({
  lines: fc.array(line.map((text) => text.replace(/\r+$/, "")), { maxLength: 12 }),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  hasLastEnd: fc.boolean(),
  hasBom: fc.boolean(),
});
const cut = fc.record({
  splitBytes: fc.integer({ min: 1, max: 40 }),
  parallelism: fc.integer({ min: 1, max: 5 }),
  batchSize: fc.integer({ min: 1, max: 4 }),
});

test("whatever the splits and the parallelism, all instances together read every line once and in order", async () => {
  await fc.assert(
    fc.asyncProperty(texts, cut, async ({ lines, lineEnd, hasLastEnd, hasBom }, { parallelism, ...options }) => {
      const text = lines.join(lineEnd) + (hasLastEnd && lines.length > 0 ? lineEnd : "");
      const expected = text === "" ? [] : hasLastEnd ? lines : lines.at(-1) === "" ? lines.slice(0, -1) : lines;
      fc.pre(!(expected[0] ?? "").startsWith("\ufeff") || hasBom);
      const spec = await specOf((hasBom ? "\ufeff" : "") + text, { format: "text", ...options });
      expect(await readSplitwise(spec)).toEqual(expected);
      const shares = Array.from({ length: parallelism }, (_, index) => readShare(spec, index, parallelism));
      expect(sorted((await Promise.all(shares)).flat())).toEqual(sorted(expected));
    }),
    { numRuns: 300 },
  );
});

test("JSON lines and CSV survive every cut as well", async () => {
  const value = fc.record({ id: fc.nat(), text: fc.string({ unit: fc.constantFrom("a", "ü", "😀", ",", '"') }) });
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 8 }), cut, async (values, { splitBytes, batchSize }) => {
      const options = { splitBytes, batchSize };
      const json = await specOf(values.map((each) => `${JSON.stringify(each)}\n`).join("\n"), { format: "jsonl", ...options });
      expect(await readSplitwise(json)).toEqual(values);
      const rows = values.map(({ id, text }) => `${id},"${text.replaceAll('"', '""')}"`);
      const csv = await specOf(["id,text", ...rows].join("\r\n"), { format: "csv", csv: { types: { id: "number" } }, ...options });
      expect(await readSplitwise(csv)).toEqual(values);
    }),
    { numRuns: 100 },
  );
});

const formats: Record<string, { name: string; options: Options; text: string }> = {
  text: { name: "t", options: { format: "text" }, text: "a\nbü\r\n\n😀\ne\nf" },
  "JSON lines": { name: "j", options: { format: "jsonl" }, text: '\ufeff{"a":1}\n\n2\nnull\n"ü"\n[]\n' },
  CSV: { name: "c", options: { format: "csv" }, text: "\n\ufeffx\n".slice(1) + "1\nü\n\n3\n4" },
  "CSV without a header": { name: "n", options: { format: "csv", csv: { header: ["x"] } }, text: "1\n2\n3\n" },
  "CSV over several lines": { name: "m", options: { format: "csv", csv: { multiline: true } }, text: 'x,y\n"a\n""b",1\r\n"\n\n",2\n3,4' },
};

for (const [format, { name, options, text }] of Object.entries(formats)) {
  for (const packed of [false, true]) {
    test(`${format}${packed ? ", packed," : ""} goes on from any batch with the next record`, async () => {
      const file = packed ? `${name}.gz` : name;
      const spec = await specOf(packed ? gzipSync(text) : text, { ...options, splitBytes: 5 }, file);
      const whole = await readAll(spec);
      expect(whole.length).toBeGreaterThan(2);
      for (const batchSize of [1, 2, 3]) expect(await readInSteps({ ...spec, batchSize }, 0, 1)).toEqual(whole);
      const thirds = await Promise.all([0, 1, 2].map((index) => readInSteps({ ...spec, batchSize: 1 }, index, 3)));
      expect(sorted(thirds.flat())).toEqual(sorted(whole));
    });
  }
}

test("a source goes on with another parallelism and reads the rest once", async () => {
  const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`);
  const spec = await specOf(lines.join("\n"), { format: "text", splitBytes: 70, batchSize: 3 });
  const first: unknown[] = [];
  const positions: FilePosition[] = [];
  for (const index of [0, 1]) {
    await using reader = openFileReader(spec, { index, parallelism: 2, signal });
    for (let i = 0; i < 4 + 3 * index; i++) first.push(...(await reader.next())!);
    positions.push(reader.position());
  }
  const after = redistribute(positions, 3, await planSplits(spec, signal));
  const rest = await Promise.all(after.map((position, index) => readShare(spec, index, 3, position)));
  expect(sorted([...first, ...rest.flat()])).toEqual(sorted(lines));
});

test("quoted CSV fields may hold quotes, delimiters and, with multiline, line ends across blocks", async () => {
  const long = `x\n${"y,\n".repeat(200_000)}`; // longer than the block that is read at once
  const text = `\ufeff"a ""b""";c\r\n"${long}";1\r\n\r\n;"2"\r\n`;
  const spec = await specOf(text, { format: "csv", csv: { multiline: true, delimiter: ";" } });
  expect(await readAll(spec)).toEqual([{ 'a "b"': long, c: "1" }, { 'a "b"': "", c: "2" }]);
});

test("CSV reads chosen columns, in their order, with names like __proto__ as names", async () => {
  const spec = await specOf("__proto__,b,c\n1,2,3\n", { format: "csv", columns: ["c", "__proto__"], csv: { types: { c: "number" } } });
  const [record] = (await readAll(spec)) as object[];
  expect(Object.entries(record!)).toEqual([["c", 3], ["__proto__", "1"]]);
});

test("empty files, files of line ends and headers alone hold no records", async () => {
  for (const format of ["jsonl", "csv", "text"] as const) {
    expect(await readAll(await specOf("", { format }))).toEqual([]);
    expect(await readAll(await specOf(gzipSync(""), { format }, "empty.gz"))).toEqual([]);
  }
  expect(await readAll(await specOf("\n\n\r\n", { format: "jsonl" }))).toEqual([]);
  expect(await readAll(await specOf("a,b", { format: "csv" }))).toEqual([]);
  expect(await readAll(await specOf("\n\n", { format: "text" }))).toEqual(["", ""]);
});

test("a bad record names file, line and what stands there, and the reader goes on behind it", async () => {
  const spec = await specOf('1\n2\n{"a":\u0007\u2028oops\n4\n', { format: "jsonl" });
  await using reader = openFileReader(spec, { index: 0, parallelism: 1, signal });
  expect(await reader.next()).toEqual([1, 2]);
  const path = join(baseDir, "f");
  await expect(reader.next()).rejects.toMatchObject({
    code: "SAGE_BAD_RECORD", fault: "user", message: `${path}:3: not JSON: "{\\"a\\":\\u0007\\u2028oops"`, place: { path, line: 3, byte: 4 },
  });
  expect(await reader.next()).toEqual([4]);
  expect(await reader.next()).toBeNull();
});

test("a bad record in a later split names its byte, and a long one is cut", async () => {
  const spec = await specOf(`1\n2\n${"x".repeat(500)}\n`, { format: "jsonl", splitBytes: 4 });
  const problem = readShare(spec, 1, 2);
  await expect(problem).rejects.toThrow(`${join(baseDir, "f")} at byte 4: not JSON: "${"x".repeat(80)}"… (500 characters)`);
});

test("CSV with too few fields, open quotes or wrong types is refused with a reason", async () => {
  const read = async (text: string, csv = {}) => readAll(await specOf(text, { format: "csv", csv }));
  const path = join(baseDir, "f");
  await expect(read("a,b\n1,2\n3\n")).rejects.toThrow(`${path}:3: 1 fields where 2 are named: "3"`);
  await expect(read('a,b\n1,"x\ny"\n')).rejects.toMatchObject({ code: "SAGE_BAD_RECORD", hint: expect.stringContaining("multiline") });
  await expect(read('a,b\n1,"x\ny\n', { multiline: true })).rejects.toThrow(`${path}:2: a quoted field is not closed`);
  await expect(read("a\nx\n", { types: { a: "number" } })).rejects.toThrow(`${path}:2: column "a" holds "x", not a number: "x"`);
  await expect(read("a\n1\n", { types: { b: "number" } })).rejects.toMatchObject({ code: "SAGE_COLUMN_NOT_FOUND" });
  await expect(read("a,a\n1,2\n")).rejects.toMatchObject({ code: "SAGE_INVALID_FILE_SOURCE" });
  await expect(read('"a\n')).rejects.toMatchObject({ code: "SAGE_INVALID_FILE_SOURCE" });
});

test("a record longer than allowed is an error before it fills the memory", async () => {
  const spec = await specOf(`ok\n${"x".repeat(2_000_000)}`, { format: "text", maxRecordBytes: 1000 });
  await using reader = openFileReader(spec, { index: 0, parallelism: 1, signal });
  await expect(drain(reader)).rejects.toMatchObject({ code: "SAGE_RECORD_TOO_LONG", place: { line: 2, byte: 3 } });
});

test("files that shrank, are no gzip or hold UTF-16 are refused", async () => {
  const shrunk = await specOf("a\nb\nc\n", { format: "text" });
  const splits = await planSplits(shrunk, signal);
  await truncate(join(baseDir, "f"), 2);
  await using reader = openFileReader(shrunk, { index: 0, parallelism: 1, signal, splits });
  await expect(reader.next()).rejects.toMatchObject({ code: "SAGE_FILES_CHANGED" });
  await expect(readAll(await specOf("text", { format: "text" }, "no.gz"))).rejects.toMatchObject({ code: "SAGE_BAD_GZIP" });
  const cutOff = gzipSync("a\n".repeat(100_000)).subarray(0, 100);
  await expect(readAll(await specOf(cutOff, { format: "text" }, "cut.gz"))).rejects.toMatchObject({ code: "SAGE_BAD_GZIP" });
  const utf16 = await specOf(Buffer.from("\ufeffa\n", "utf16le"), { format: "text" });
  await expect(readAll(utf16)).rejects.toThrow("the text is UTF-16");
});

test("options that mean nothing are refused at once", () => {
  const open = (options: object) => openFileReader({ paths: [], baseDir, format: "csv", ...options }, { index: 0, parallelism: 1, signal });
  const wrong = [{ format: "xml" }, { batchSize: 0 }, { splitBytes: 0.5 }, { format: "text", columns: ["a"] }];
  const wrongCsv = [{ delimiter: "||" }, { delimiter: '"' }, { types: { a: "integer" } }];
  for (const options of [...wrong, ...wrongCsv.map((csv) => ({ csv }))]) {
    expect(() => open(options)).toThrow(expect.objectContaining({ code: "SAGE_INVALID_FILE_SOURCE", fault: "user" }));
  }
});

test("an aborted reader rejects with the reason of its signal", async () => {
  const spec = await specOf("a\n", { format: "text" });
  const reason = new Error("enough");
  await using reader = openFileReader(spec, { index: 0, parallelism: 1, signal: AbortSignal.abort(reason) });
  await expect(reader.next()).rejects.toBe(reason);
});

test("closing waits for the call that runs, and a closed reader says so", async () => {
  const reader = openFileReader(await specOf("a\n", { format: "text" }), { index: 0, parallelism: 1, signal });
  const order: string[] = [];
  const call = reader.next().then((batch) => order.push(`read ${String(batch)}`));
  await reader[Symbol.asyncDispose]();
  order.push("closed");
  await call;
  expect(order).toEqual(["read a", "closed"]);
  await expect(reader.next()).rejects.toThrow("the file reader is closed");
  await reader[Symbol.asyncDispose]();
});

test("progress reaches the bytes of the share, also of packed files", async () => {
  for (const name of ["f", "f.gz"]) {
    const content = name === "f" ? Buffer.from("a\n".repeat(1000)) : gzipSync("a\n".repeat(1000));
    await using reader = openFileReader(await specOf(content, { format: "text" }, name), { index: 0, parallelism: 1, signal });
    await drain(reader);
    expect(reader.progress).toEqual({ bytesRead: content.length, bytesTotal: content.length });
  }
});
