// A source waits for its consumers: what lies between them is bounded, and so is the memory of the workers.

import type { PipelineDefinition } from "@sage/graph";
import type { JobView } from "@sage/protocol";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { shareEphemeralDaemon } from "./ephemeral-daemon.ts";
import { RemoteEnvironment } from "./index.ts";

const entry = new URL("../fixtures/slow-consumer.ts", import.meta.url);

const sum = (job: JobView, operator: string, field: "recordsIn" | "recordsOut") =>
  job.operators.find(({ name }) => name === operator)!.instances.reduce((total, each) => total + each[field], 0);

/** Resident memory of the job's workers together, in MiB. */
async function residentMiB(job: JobView): Promise<number> {
  const pids = [...new Set(job.operators.flatMap(({ instances }) => instances.map(({ pid }) => pid)))];
  expect(pids).toHaveLength(2);
  const kib = await Promise.all(pids.map(async (pid) => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))![1])));
  return kib.reduce((total, each) => total + each, 0) / 1024;
}

test("consumers far slower than their source slow it down; the memory of the workers stays where it was", async () => {
  await using daemon = await shareEphemeralDaemon();
  const { default: definition } = (await import(/* @vite-ignore */ entry.href)) as { default: PipelineDefinition };
  await using env = new RemoteEnvironment(definition.name, { entry, host: "127.0.0.1", port: Number(daemon.client.address.split(":").at(-1)) });
  definition.build(env, env.params);
  const { jobId } = await env.submit({ autostop: false });
  let warmMiB = 0;
  let mostMiB = 0;
  let mostAhead = 0;
  for await (const job of daemon.client.watch(jobId)) {
    const taken = job.phase === "RUNNING" ? sum(job, "slow", "recordsIn") : 0;
    mostAhead = Math.max(mostAhead, sum(job, "fast", "recordsOut") - taken);
    if (taken < 3_000) continue; // caches and queues fill
    const now = await residentMiB(job);
    warmMiB ||= now;
    mostMiB = Math.max(mostMiB, now);
    if (taken > 12_000) break;
  }
  expect(mostAhead).toBeGreaterThan(0);
  expect(mostAhead).toBeLessThan(200_000); // unchecked, the source is millions ahead by now
  expect(mostMiB - warmMiB).toBeLessThan(64);
  await daemon.client.stop(jobId, { mode: "now" });
}, 120_000);
