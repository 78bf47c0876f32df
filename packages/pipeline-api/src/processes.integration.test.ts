// Real daemons and worker processes: what `pnpm build` made.

import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import type { PipelineDefinition } from "@sage/graph";
import { shareEphemeralDaemon } from "./ephemeral-daemon.ts";
import { LocalEnvironment, RemoteEnvironment, type Environment } from "./index.ts";
import { useOwnTempDir } from "./testing/own-temp-dir.ts";

useOwnTempDir();

const fixture = (name: string) => new URL(`../fixtures/${name}.ts`, import.meta.url);

async function built<E extends Environment>(name: string, make: (pipeline: string, options: { entry: URL }) => E): Promise<E> {
  const { default: definition } = (await import(/* @vite-ignore */ fixture(name).href)) as { default: PipelineDefinition };
  const env = make(definition.name, { entry: fixture(name) });
  definition.build(env, env.params);
  return env;
}

const homes = () => readdirSync(tmpdir()).filter((name) => name.startsWith("sage-local-"));

test("at parallelism 3 the work runs in worker processes, counts are exact, and nothing is left afterwards", async () => {
  const env = await built("words", (name, options) => new LocalEnvironment(name, { ...options, parallelism: 3, params: { lines: 50 } }));
  const counts = readOf<{ word: string; sum: number }>(env);
  const lines: string[] = [];
  const [result, words] = await Promise.all([env.submit({ onLine: (line) => lines.push(`${line.operator}[${line.index}] ${line.text}`) }), counts]);
  await env.close();
  expect(Object.fromEntries(words.map(({ word, sum }) => [word, sum]))).toEqual({ "TO!": 50, "BE!": 50, "OR!": 25, "NOT!": 25 });
  expect(result).toMatchObject({ status: "completed", name: "words" });
  expect(result.operators.find((operator) => operator.name === "shout")).toMatchObject({ recordsIn: 150, recordsOut: 150 });
  expect(lines).toHaveLength(150);
  expect(new Set(lines.map((line) => line.split(" ")[0]))).toEqual(new Set(["shout[0]", "shout[1]", "shout[2]"]));
  expect(homes()).toEqual([]);
});

/** Begins to read the only collect() of an environment. Call it after the pipeline is built, before or after submit. */
async function readOf<T>(env: Environment): Promise<T[]> {
  await Promise.resolve();
  const records: T[] = [];
  for await (const record of env.collects()[0] as unknown as AsyncIterable<T>) records.push(record);
  return records;
}

test("hundreds of thousands of records come back from the processes, each once and in order, to a reader that is slow at first", async () => {
  const env = await built("many", (name, options) => new LocalEnvironment(name, { ...options, workers: "processes", params: { count: 300_000 } }));
  const done = env.submit({ collectBufferBytes: 200_000 });
  let next = 0;
  for await (const row of env.collects()[0] as unknown as AsyncIterable<{ n: number; text: string }>) {
    if (next === 0) for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(row.n === next && row.text === `record number ${next}`).toBe(true);
    next++;
  }
  expect(next).toBe(300_000);
  expect(await done).toMatchObject({ status: "completed" });
  await env.close();
});

test("results that nobody reads while submit waits are an error in words, and the job is ended", async () => {
  const env = await built("many", (name, options) => new LocalEnvironment(name, { ...options, workers: "processes", params: { count: 3_000_000 } }));
  await expect(env.submit({ collectBufferBytes: 50_000 })).rejects.toMatchObject({ code: "SAGE_COLLECT_BUFFER_FULL" });
  expect((await env.getJobStatus()).status).toBe("stopped");
  await env.close();
});

test("a failing operator in a worker process names itself, its record and the user's line", async () => {
  const env = await built("failing", (name, options) => new LocalEnvironment(name, { ...options, workers: "processes" }));
  const lines: string[] = [];
  const [submitted, read] = await Promise.allSettled([env.submit({ onLine: (line) => lines.push(line.text) }), readOf(env)]);
  expect(lines).toEqual([]); // what is thrown is not printed too
  for (const settled of [submitted, read]) expect(settled).toMatchObject({ status: "rejected", reason: { code: "SAGE_JOB_FAILED", operator: "picky", recordNumber: 4 } });
  const error = (submitted as PromiseRejectedResult).reason as Error;
  expect(error.message).toContain("four is too many");
  expect(error.stack).toMatch(/fixtures\/failing\.ts:6:\d+/);
  expect(error.stack).not.toContain(tmpdir());
  expect(await env.getJobStatus()).toMatchObject({ status: "failed" });
  await env.close();
});

test("close() ends a local job in worker processes, and its daemon", async () => {
  const env = await built("endless", (name, options) => new LocalEnvironment(name, { ...options, workers: "processes" }));
  const job = await env.submit({ autostop: false });
  await expect(job.done({ timeoutMs: 500 })).rejects.toMatchObject({ code: "SAGE_AUTOSTOP_TIMEOUT" });
  await expect.poll(async () => (await env.getJobStatus()).status, { timeout: 30_000 }).toBe("running");
  await env.close();
  await env.close();
  expect((await env.getJobStatus()).status).toBe("stopped");
  expect(homes()).toEqual([]);
});

test("on a daemon that others share, a job goes on without its environment, and another can end it", async () => {
  await using daemon = await shareEphemeralDaemon();
  const port = Number(daemon.client.address.split(":").at(-1));
  const env = await built("endless", (name, options) => new RemoteEnvironment(name, { ...options, host: "127.0.0.1", port }));
  expect(await env.healthCheck()).toMatchObject({ healthy: true, target: "remote" });
  const job = await env.submit({ autostop: false });
  await env.close();
  expect(await env.getJobStatus()).toMatchObject({ jobId: job.jobId, status: expect.stringMatching(/initializing|running/) as string });
  expect((await daemon.client.resolveJob("1")).jobId).toBe(job.jobId);
  await daemon.client.stop(job.jobId);
  expect(await daemon.client.job(job.jobId).done()).toMatchObject({ status: "stopped" });
  expect(await env.getJobStatus()).toMatchObject({ status: "stopped" });
});

test("on a shared daemon, submit waits for the end and brings results and lines back; a repeated id is the same job", async () => {
  await using daemon = await shareEphemeralDaemon();
  const port = Number(daemon.client.address.split(":").at(-1));
  const id = "0196c0de-0000-7000-8000-00000000abcd";
  const env = await built("words", (name, options) => new RemoteEnvironment(name, { ...options, host: "127.0.0.1", port, parallelism: 2 }));
  const lines: string[] = [];
  const [result, words] = await Promise.all([env.submit({ id, onLine: (line) => lines.push(line.text) }), readOf<{ word: string; sum: number }>(env)]);
  expect(words.reduce((sum, each) => sum + each.sum, 0)).toBe(9);
  expect(lines).toHaveLength(9);
  expect(result).toMatchObject({ jobId: id, status: "completed" });
  const again = await built("words", (name, options) => new RemoteEnvironment(name, { ...options, host: "127.0.0.1", port, parallelism: 2 }));
  expect(await again.submit({ id })).toMatchObject({ jobId: id, endedAtMs: result.endedAtMs });
  expect(await daemon.client.list()).toHaveLength(1);
  await Promise.all([env.close(), again.close()]);
});
