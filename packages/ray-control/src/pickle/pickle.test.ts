import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PickleReadError, PickleWriteError } from "./errors.ts";
import { readPickle } from "./pickle-reader.ts";
import { writePickle, type Protocol } from "./pickle-writer.ts";
import { toPlain } from "./plain-values.ts";
import { PersistentId, pyCall, PyFloat, PyGlobal, PyObject, PyTuple } from "./python-values.ts";

interface Entry { readonly name: string; readonly protocol: Protocol; readonly pickle: string; readonly value?: unknown }

const corpus = JSON.parse(readFileSync(new URL("./corpus.json", import.meta.url), "utf8")) as Entry[];
const bytesOf = ({ pickle }: Entry) => Buffer.from(pickle, "base64");
const protocols: readonly Protocol[] = [0, 1, 2, 3, 4, 5];

/** The value in the words of pickle-corpus.py. */
function told(value: unknown): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isInteger(value) ? { int: String(value) } : { float: value };
  if (typeof value === "bigint") return { int: String(value) };
  if (Buffer.isBuffer(value)) return { bytes: value.toString("base64") };
  if (Array.isArray(value)) return { list: value.map(told) };
  if (value instanceof PyTuple) return { tuple: value.items.map(told) };
  if (value instanceof Map) return { dict: [...value].map((pair) => pair.map(told)) };
  if (value instanceof Set) return { set: [...value].map(told).sort(byJson) };
  if (value instanceof PyObject) return told(toldObject(value));
  throw new Error(`not told: ${String(value)}`);
}

const byJson = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** What older protocols spell as a call, and what has no class of its own here. */
function toldObject(value: PyObject): unknown {
  const path = (value.callee as PyGlobal).path;
  if (path === "collections.OrderedDict") return new Map(value.entries);
  const plain = toPlain(value);
  if (plain === value) throw new Error(`not told: ${path}`);
  return plain;
}

/** Python tells floats exactly; JavaScript compares them as numbers. */
function floatsRead(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(floatsRead);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([tag, inner]) => [tag, tag === "float" ? hexFloat(inner as string) : floatsRead(inner)]));
}

function hexFloat(text: string): number {
  const [, sign, whole, fraction, exponent] = /^(-?)0x([01])\.([0-9a-f]+)p([+-]\d+)$/.exec(text) ?? [];
  if (fraction === undefined) return text === "nan" ? Number.NaN : text === "inf" ? Infinity : -Infinity;
  const mantissa = Number.parseInt(`${whole}${fraction}`, 16) / 2 ** (4 * fraction.length);
  const power = Number(exponent);
  const value = power < -1000 ? mantissa * 2 ** -1000 * 2 ** (power + 1000) : mantissa * 2 ** power;
  return sign === "-" ? -value : value;
}

/** `1e300` and `1e21` are whole in JavaScript: only the test of floats meets such. */
const sameKind = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_key, inner: unknown) => {
  if (typeof inner !== "object" || inner === null) return inner;
  if ("float" in inner) return { number: String(inner.float) };
  if ("int" in inner && typeof inner.int === "string") return { number: String(Number(inner.int)), int: inner.int.length < 18 ? "" : undefined };
  return inner;
})) as unknown;

describe("what CPython has pickled", () => {
  for (const entry of corpus.filter((each) => each.value !== undefined || each.name === "none")) {
    test(`${entry.name}, protocol ${entry.protocol}, is read as it was`, () => {
      const read = told(readPickle(bytesOf(entry)));
      const expected = floatsRead(entry.value ?? null);
      if (entry.name === "floats") expect(numbersIn(read)).toEqual(numbersIn(expected));
      else expect(read).toEqual(expected);
    });
  }

  const numbersIn = (value: unknown) => ((sameKind(value) as { list: { number: string }[] }).list).map(({ number }) => number);

  test("cycles are read as cycles", () => {
    for (const entry of corpus.filter(({ name }) => name === "cyclic list")) {
      const list = toPlain(readPickle(bytesOf(entry))) as unknown[];
      expect(list[0]).toBe(1);
      expect(list[1]).toBe(list);
    }
    for (const entry of corpus.filter(({ name }) => name === "cyclic tuple")) {
      const tuple = readPickle(bytesOf(entry)) as PyTuple;
      expect((tuple.items[0] as unknown[])[0]).toBe(tuple);
    }
  });

  test("objects, classes and functions are names and recipes, and nothing is called", () => {
    for (const entry of corpus.filter(({ name }) => name === "function")) expect((readPickle(bytesOf(entry)) as PyGlobal).path).toBe("builtins.len");
    for (const entry of corpus.filter(({ name }) => name === "exception")) {
      const exception = readPickle(bytesOf(entry)) as PyObject;
      expect((exception.callee as PyGlobal).path).toBe("builtins.ValueError");
      expect(exception.args).toEqual(["boom", 3]);
    }
    for (const entry of corpus.filter(({ name }) => name === "object")) {
      expect((readPickle(bytesOf(entry)) as PyObject).state).toEqual(new Map<string, unknown>([["x", 1], ["y", [2]]]));
    }
  });

  test("a dict key of `__proto__` is a key", () => {
    const plain = toPlain(readPickle(writePickle(new Map([["__proto__", 1]])))) as object;
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
    expect(Object.keys(plain)).toEqual(["__proto__"]);
  });
});

const python = await new Promise<boolean>((resolve) => void execFile("python3", ["--version"], (error) => resolve(!error)));

describe("what is written", () => {
  test.runIf(python)("CPython loads as the same value, in every protocol", async () => {
    const lines: string[] = [];
    for (const entry of corpus.filter(({ value, name }) => value !== undefined || name.startsWith("cyclic"))) {
      if (entry.name === "frozensets") continue; // told as sets, which have another class
      const value = readPickle(bytesOf(entry));
      const exact = entry.name === "floats" ? (value as number[]).map((each) => new PyFloat(each)) : value;
      for (const protocol of protocols) lines.push(`${entry.name} ${writePickle(exact, { protocol }).toString("base64")}`);
    }
    expect(await checkedByPython(lines)).toBe("");
  });

  test("what this reads is what this wrote", () => {
    const json = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: "small" }, fc.constant(null), fc.boolean(), fc.integer(), fc.double(), fc.string({ unit: "binary" }), fc.bigInt(), fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc.array(tie("value")), fc.dictionary(fc.string(), tie("value"))),
    })).value;
    fc.assert(fc.property(json, fc.constantFrom(...protocols), (value, protocol) => {
      expect(toPlain(readPickle(writePickle(value, { protocol })))).toEqual(asRead(value));
    }), { numRuns: 200 });
  });

  const asRead = (value: unknown): unknown => {
    if (typeof value === "bigint") return value >= -(2n ** 53n) + 1n && value <= 2n ** 53n - 1n ? Number(value) : value;
    if (Object.is(value, -0)) return 0;
    if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) return BigInt(value);
    if (Buffer.isBuffer(value) || typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(asRead);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asRead(inner)]));
  };

  test("calls and persistent ids are written for Python to carry out", () => {
    const value = { call: pyCall("builtins", "len", [1]), ref: new PersistentId("x") };
    for (const protocol of protocols) {
      const read = readPickle(writePickle(value, { protocol })) as Map<string, PyObject | PersistentId>;
      expect((read.get("call") as PyObject).callee).toMatchObject({ name: "len" });
      expect((read.get("ref") as PersistentId).value).toBe("x");
    }
  });

  test.each([
    ["a function", { a: [1, () => {}] }, ".a[1]"],
    ["an instance of Date", { at: new Date() }, ".at"],
    ["a symbol", Symbol("s"), "the value itself"],
    ["an instance of Float64Array", [new Float64Array(1)], "[0]"],
  ])("%s is refused by name and place", (what, value, path) => {
    expect(() => writePickle(value)).toThrow(PickleWriteError);
    expect(() => writePickle(value)).toThrow(`${what} cannot be sent to Python (${path})`);
  });

  test("a value that is nested too deep is refused, here and in reading", () => {
    let deep: unknown = null;
    for (let i = 0; i < 5_000; i++) deep = [deep];
    expect(() => writePickle(deep)).toThrow(PickleWriteError);
    const pickle = Buffer.concat([Buffer.from([0x80, 4]), Buffer.alloc(100_000, 0x5d), Buffer.alloc(99_999, 0x61), Buffer.from(".")]);
    expect(() => toPlain(readPickle(pickle))).toThrow(PickleReadError);
  });
});

describe("what is no pickle", () => {
  const broken: readonly (readonly [string, string])[] = [
    ["nothing", ""], ["no end", "N"], ["an empty stack", "."], ["a future protocol", "\x80\x06N."], ["a length beyond the end", "\x80\x04X\xff\xff\xff\x7fa."],
    ["a negative length", "T\xff\xff\xff\xff."], ["a missing mark", "1."], ["a memo that is empty", "h\x01."], ["an odd dict", "(I1\nd."],
    ["a key set in a number", "I1\nI2\nI3\ns."], ["items appended to a number", "I1\nI2\na."], ["state for a number", "I1\nI2\nb."],
    ["arguments that are no tuple", "cos\nsystem\nI1\nR."], ["a value below a mark", "N(."], ["an endless number", `I${"9".repeat(5_000)}\n.`],
    ["an extension", "\x82\x01."], ["an out-of-band buffer", "\x97."], ["a global without names", "N\x8c\x01a\x93."], ["a text that is no number", "Ix\n."],
  ];
  test.each(broken)("%s is a PickleReadError", (_name, text) => {
    expect(() => readPickle(Buffer.from(text, "latin1"))).toThrow(PickleReadError);
  });

  test("os.system is a name, and stays one", () => {
    const value = readPickle(Buffer.from("cos\nsystem\n(S'echo hi'\ntR.")) as PyObject;
    expect((value.callee as PyGlobal).path).toBe("os.system");
    expect(toPlain(value)).toBe(value);
  });

  test("a million requests for the bytes of one long string cost one", () => {
    const head = Buffer.concat([Buffer.from("\x80\x04]("), Buffer.from("c_codecs\nencode\n\x94X", "latin1"), lengthOf(1_000_000), Buffer.alloc(1_000_000, 0x61), Buffer.from("\x8c\x06latin1\x86\x940", "latin1")]);
    const body = Buffer.from("h\x00h\x01R".repeat(20_000), "latin1");
    const list = toPlain(readPickle(Buffer.concat([Buffer.from([0x80, 4]), head.subarray(3), body, Buffer.from("e.")]))) as Buffer[];
    expect(new Set(list.slice(1)).size).toBe(1);
  });

  const lengthOf = (length: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(length);
    return bytes;
  };

  test("whatever the bytes are, they are read or refused", () => {
    const seeds = corpus.map(bytesOf).filter((bytes) => bytes.length < 4_000);
    const mutated = fc.tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 12 }), fc.nat())
      .map(([seed, changes, cut]) => {
        const bytes = Buffer.from(seed);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        return cut % 5 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
      });
    fc.assert(fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      try {
        toPlain(readPickle(bytes));
      } catch (error) {
        if (!(error instanceof PickleReadError)) throw error;
      }
    }), { numRuns: 3_000 });
  });
});

function checkedByPython(lines: readonly string[]): Promise<string> {
  const script = new URL("../../scripts/pickle-corpus.py", import.meta.url).pathname;
  return new Promise((resolve, reject) => {
    const child = execFile("python3", [script, "check"], { maxBuffer: 1 << 26 }, (error, stdout, stderr) => (error ? reject(new Error(stderr)) : resolve(stdout)));
    child.stdin!.end(`${lines.join("\n")}\n`);
  });
}
