import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deferred } from "@sage/core";
import { PipelineBuilder, SourceFunction, type Stream } from "@sage/graph";
import { describe, expect, test } from "vitest";
import type { OperatorLogLine } from "./chain.ts";
import { openInProcess } from "./in-process.ts";
import { directoryOf } from "./services/service-directory.ts";
import { countsOf, numbersTo, recordsOf, runPipeline, sorted, turn } from "./testing/pipeline-run.ts";

test("a lone record does not wait for more: it passes two exchanges while its source is idle", async () => {
  let arrived = false;
  class One extends SourceFunction<number> {
    #asked = 0;
    execute() {
      if (arrived) return null; // ends only because the record has come through
      return this.#asked++ === 0 ? 1 : SourceFunction.IDLE;
    }
  }
  await runPipeline((env) => void env.fromSource(One).map((n) => n, { parallelism: 2 }).sink(() => { arrived = true; }, { parallelism: 1 }));
});

test("a record leaves while an operator behind it in the same task waits for long", async () => {
  const arrived = deferred();
  await runPipeline((env) => {
    const numbers = env.fromIterable([1, 2]).process<number>(async (n, ctx) => {
      void ctx.collect(n);
      if (n === 2) await arrived.promise; // resolves only if record 1 has left the task
    });
    numbers.map((n) => n, { parallelism: 2 }).sink((n) => n === 1 && arrived.resolve(), { parallelism: 2 });
  });
});

test("results of a collect() arrive while the job runs", async () => {
  const arrived = deferred();
  await runPipeline((env) => void env.fromBatch(async function* () {
    yield 1;
    await arrived.promise;
  }).collect(), { hooks: { onCollect: () => {
    arrived.resolve();
    return undefined;
  } } });
});

test("a chain far longer than the stack, and one with many branches", async () => {
  const long = await recordsOf((env) => {
    let stream: Stream<number> = env.fromIterable([1, 2, 3]);
    for (let i = 0; i < 5_000; i++) stream = stream.map((n) => n + 1);
    return stream;
  });
  expect(long).toEqual([5_001, 5_002, 5_003]);
  const sum = { total: 0 };
  await runPipeline((env) => {
    const numbers = env.fromIterable(numbersTo(100));
    for (let i = 0; i < 50; i++) numbers.map(async (n) => n + i).sink((n) => void (sum.total += n));
  });
  expect(sum.total).toBe(50 * 4_950 + 100 * 1_225);
}, 60_000);

test("a long chain in which every operator waits", async () => {
  const results = await recordsOf((env) => {
    let stream: Stream<number> = env.fromIterable([1, 2, 3]);
    for (let i = 0; i < 300; i++) stream = stream.map(async (n) => n + 1);
    return stream;
  });
  expect(results).toEqual([301, 302, 303]);
});

describe("files", () => {
  test("are read from the job's directory, split over instances, with progress; a bad record goes by onError", async () => {
    const dir = mkdtempSync(join(tmpdir(), "files-"));
    try {
      for (let file = 0; file < 3; file++) writeFileSync(join(dir, `${file}.jsonl`), numbersTo(500).map((n) => JSON.stringify({ n: file * 500 + n })).join("\n"));
      const results = await recordsOf((env) => env.fromFile<{ n: number }>("*.jsonl", { parallelism: 2 }).map((row) => row.n), { baseDir: dir });
      expect(sorted(results)).toEqual(numbersTo(1_500));
      writeFileSync(join(dir, "bad.jsonl"), '{"n":1}\nnot json\n{"n":3}\n');
      const run = await runPipeline((env) => void env.fromFile<{ n: number }>("bad.jsonl", { name: "file", onError: "skip" }).print(), { baseDir: dir });
      expect(run.printed).toEqual(["{ n: 1 }", "{ n: 3 }"]);
      expect(countsOf(run, "file").skipped).toBe(1);
      expect(run.metrics[0]!.progress).toBe(1);
      await expect(recordsOf((env) => env.fromFile("bad.jsonl", { name: "file" }), { baseDir: dir })).rejects.toMatchObject({ operator: "file" });
      await expect(recordsOf((env) => env.fromFile("none.csv", { name: "file" }), { baseDir: dir })).rejects.toMatchObject({ operator: "file", recordNumber: 0 });
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

test("the context: name, job, instance, parameters, logger and services", async () => {
  const lines: OperatorLogLine[] = [];
  const seen: unknown[] = [];
  const services = directoryOf(new Map([["adder", { add: async (a: number, b: number) => (await turn(), a + b) }]]));
  await runPipeline((env) => void env.fromIterable([1]).map(async (n, ctx) => {
    ctx.logger.warn("look", { n });
    seen.push([ctx.name, ctx.jobId, ctx.jobName, ctx.parallelIndex, ctx.parallelism, ctx.params, ctx.key]);
    return ctx.service<{ add(a: number, b: number): Promise<number> }>("adder").add(n, 1);
  }, { name: "op", concurrency: 2 }).sink((n) => void seen.push(n)), { jobId: "j1", params: { k: "v" }, services, hooks: { onLog: (line) => void lines.push(line) } });
  expect(seen).toEqual([["op", "j1", "test", 0, 1, { k: "v" }, undefined], 2]);
  expect(lines).toEqual([{ operator: "op", index: 0, level: "warn", message: "look", fields: { n: 1 } }]);
});

test("metrics can be read while a job runs, and say how far an array is", async () => {
  const env = new PipelineBuilder("test");
  const half = deferred();
  const goOn = deferred();
  env.fromIterable(numbersTo(100)).map(async (n) => {
    if (n === 50) {
      half.resolve();
      await goOn.promise;
    }
    return n;
  }, { name: "map" }).sink(() => {});
  await using engine = await openInProcess(env.graph());
  const run = engine.run();
  await half.promise;
  const [source, map] = engine.metrics();
  expect(source).toMatchObject({ state: "running", recordsOut: 51, progress: 0.51 });
  expect(map).toMatchObject({ operator: "map", recordsIn: 51 });
  goOn.resolve();
  await run;
  expect(engine.metrics()[0]).toMatchObject({ state: "finished", recordsOut: 100, progress: 1 });
});
