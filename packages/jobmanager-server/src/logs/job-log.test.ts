import { readdir, rm, writeFile, appendFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTempDir } from "../testing/test-daemon.ts";
import { JobLog, readLogLines, type LogQuery } from "./job-log.ts";

const never = new AbortController().signal;
const line = (text: string, more = {}) => ({ timeMs: 1, level: "info", operator: "", index: 0, host: "h", stream: "log", text, ...more });

async function texts(lines: AsyncIterable<{ text: string }>): Promise<string[]> {
  const all: string[] = [];
  for await (const { text } of lines) all.push(text);
  return all;
}

const read = (dir: string, query: LogQuery = {}) => texts(readLogLines(dir, query));

test("lines come back in order, by operator, level, number and tail", async () => {
  await using dir = await makeTempDir();
  const log = new JobLog(dir.path);
  await log.append([line("a"), line("b", { operator: "map" }), line("c", { level: "error" }), line("d", { level: "debug" })]);
  await log[Symbol.asyncDispose]();
  expect(await read(dir.path)).toEqual(["a", "b", "c", "d"]);
  expect(await read(dir.path, { operator: "map" })).toEqual(["b"]);
  expect(await read(dir.path, { level: "info" })).toEqual(["a", "b", "c"]);
  expect(await read(dir.path, { level: "warn" })).toEqual(["c"]);
  expect(await read(dir.path, { afterSeq: 2 })).toEqual(["c", "d"]);
  expect(await read(dir.path, { tail: 2 })).toEqual(["c", "d"]);
  expect(await read(join(dir.path, "nothing"))).toEqual([]);
});

test("a follower sees what was there and each new line once, then the end", async () => {
  await using dir = await makeTempDir();
  const log = new JobLog(dir.path);
  void log.append([line("0"), line("1")]);
  const followed = texts(log.follow({}, never));
  const tailed = texts(log.follow({ tail: 1 }, never));
  for (let i = 2; i < 3_000; i++) {
    await log.append([line(String(i))]);
    if (i % 500 === 0) await log.flush();
  }
  await log[Symbol.asyncDispose]();
  expect(await followed).toEqual(Array.from({ length: 3_000 }, (_, i) => String(i)));
  expect((await tailed).at(-1)).toBe("2999");
});

test("a follower leaves with its signal", async () => {
  await using dir = await makeTempDir();
  await using log = new JobLog(dir.path);
  const abort = new AbortController();
  const followed = texts(log.follow({}, abort.signal));
  abort.abort(new Error("enough"));
  await expect(followed).rejects.toThrow("enough");
});

test("a slow follower reads from the files what has left memory", async () => {
  await using dir = await makeTempDir();
  const log = new JobLog(dir.path);
  await log.append([line("first")]);
  const follower = log.follow({}, never);
  expect((await follower.next()).value!.text).toBe("first");
  for (let i = 0; i < 5_000; i++) await log.append([line(String(i))]);
  await log[Symbol.asyncDispose]();
  expect(await texts(follower)).toEqual(Array.from({ length: 5_000 }, (_, i) => String(i)));
});

test("a follower too slow for the files that are kept is cut, and told which lines it missed", async () => {
  await using dir = await makeTempDir();
  await using log = new JobLog(dir.path, { maxBytes: 20_000, files: 2 });
  await log.append([line("first")]);
  const slow = log.follow({}, never);
  const filtering = log.follow({ level: "error" }, never).next();
  expect((await slow.next()).value!.text).toBe("first");
  for (let i = 2; i < 5_000; i++) {
    await log.append([line(String(i))]);
    if (i % 100 === 0) await log.flush();
  }
  let last = "1";
  const reading = (async () => { for await (const { text } of slow) last = text; })();
  await expect(reading).rejects.toMatchObject({ code: "SAGE_FOLLOWER_BEHIND" });
  await expect(reading).rejects.toThrow(`lines ${Number(last) + 1} to `); // up to there it has read what its open files held
  await log.append([line("mistake", { level: "error" })]);
  expect((await filtering).value!.text).toBe("mistake"); // it kept up: what it did not ask for is no backlog
});

test("files are rolled by size and the oldest go: a gigabyte of output costs a fixed amount of disk", async () => {
  await using dir = await makeTempDir();
  const log = new JobLog(dir.path, { maxBytes: 10_000, files: 3 });
  for (let i = 0; i < 2_000; i++) {
    await log.append([line(`${i} ${"x".repeat(100)}`)]);
    if (i % 20 === 0) await log.flush();
  }
  await log[Symbol.asyncDispose]();
  expect((await readdir(dir.path)).sort()).toEqual(["job.log", "job.log.1", "job.log.2"]);
  const kept = await read(dir.path);
  expect(kept.length).toBeLessThan(200);
  expect(kept.at(-1)).toContain("1999 ");
});

test("a line that a crash has cut is left out", async () => {
  await using dir = await makeTempDir();
  await writeFile(join(dir.path, "job.log"), `${JSON.stringify({ ...line("a"), seq: 1 })}\n{"seq":2,"te`);
  expect(await read(dir.path)).toEqual(["a"]);
  await appendFile(join(dir.path, "job.log"), `\n${JSON.stringify({ ...line("b"), seq: 3 })}\n`);
  expect(await read(dir.path)).toEqual(["a", "b"]);
});

test("behind a disk that took no lines the log goes on with whole ones, and counts what is missing", async () => {
  await using temporary = await makeTempDir();
  const dir = join(temporary.path, "job");
  const log = new JobLog(dir);
  await writeFile(dir, ""); // where its directory should be
  void log.append([line("one"), line("two")]);
  await log.flush();
  await rm(dir);
  void log.append([line("three")]);
  await log.flush();
  await log[Symbol.asyncDispose]();
  const found: string[] = [];
  for await (const { seq, text } of readLogLines(dir, {})) found.push(`${seq} ${text}`);
  expect(found).toEqual(["3 three", "4 2 lines are missing above: the daemon's disk did not take them"]);
});

test("a directory that cannot be written costs lines, not the process, and says so", async () => {
  await using dir = await makeTempDir();
  await writeFile(join(dir.path, "file"), "");
  const errors: unknown[] = [];
  const log = new JobLog(join(dir.path, "file", "log"), { onError: (error) => errors.push(error) });
  await log.append([line("a")]);
  await log[Symbol.asyncDispose]();
  expect(errors).toHaveLength(1);
});
