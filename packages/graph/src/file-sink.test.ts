import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FileSink, type PreparedFile } from "./file-sink.ts";

async function opened() {
  const dir = await mkdtemp(join(tmpdir(), "sage-sink-"));
  const warnings: string[] = [];
  const sink = new FileSink<number>(dir);
  const ctx = { parallelIndex: 0, parallelism: 1, jobId: "01a1febb-6a6d-7993-be52-7d7def8a40a8", logger: { warn: (text: string) => { warnings.push(text); } } };
  Object.defineProperty(sink, "ctx", { value: ctx });
  await sink.open();
  return { sink, dir, warnings, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

async function prepared(sink: FileSink<number>): Promise<PreparedFile> {
  await sink.execute(1);
  return (await sink.prepareCommit(3))!;
}

test("a part gets its name when it is committed, and committing it again is nothing new", async () => {
  await using made = await opened();
  const part = await prepared(made.sink);
  expect((await readdir(made.dir))[0]).toBe(part.hidden);
  await made.sink.commit(part);
  await made.sink.commit(part);
  expect(await readdir(made.dir)).toEqual([part.name]);
  expect(made.warnings).toEqual([]);
});

test("a part that was prepared on another host, and is not here, is named with that host", async () => {
  await using made = await opened();
  const part = { hidden: ".part-0-7def8a40a8-aaaaaaaaaaaa", name: "part-0000-00000003-x.jsonl", host: "another-host" };
  await made.sink.commit(part);
  expect(made.warnings).toEqual([expect.stringMatching(/part-0000-00000003-x\.jsonl was written on host another-host .* \.part-0-7def8a40a8-aaaaaaaaaaaa beside it/)]);
  await writeFile(join(made.dir, part.name), ""); // a file system that both hosts see
  await made.sink.commit(part);
  expect(made.warnings).toHaveLength(1);
});
