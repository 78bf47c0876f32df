// What people do to a job by command, done by a service, on a real daemon.

import { expect, test } from "vitest";
import { whySlow, type JobHandle } from "@sage/jobmanager-client";
import type { PipelineDefinition } from "@sage/graph";
import { shareEphemeralDaemon } from "./ephemeral-daemon.ts";
import { RemoteEnvironment } from "./index.ts";

// It fails its job at a number that is missing or comes twice.
const counting = new URL("../fixtures/counting.ts", import.meta.url);

/** Until the job has counted further than now. */
async function countsOn(job: JobHandle): Promise<void> {
  for await (const { level, operator } of job.logs({ follow: true, operator: "count", level: "warn", afterSeq: await lastSeq(job) })) {
    expect([level, operator]).toEqual(["warn", "count"]);
    return;
  }
  throw new Error("the log ended");
}

async function lastSeq(job: JobHandle): Promise<number> {
  let last = 0;
  for await (const { seq } of job.logs({ tail: 1 })) last = seq;
  return last;
}

test("whatever the command does to a job is a function of the client", async () => {
  await using daemon = await shareEphemeralDaemon();
  const { client } = daemon;
  expect(await client.health()).toEqual({ healthy: true, status: "SERVING" });
  const job = await client.submit({ entry: counting, parallelism: 1, checkpoints: { intervalMs: 60_000 } });
  const savepoint = await job.savepoint(); // it waits for the start of the job
  await countsOn(job);
  await job.rescale(2);
  await countsOn(job);
  expect(await job.view()).toMatchObject({ phase: "RUNNING", parallelism: 2, guarantee: expect.any(String) as string });
  expect(whySlow(await client.get(job.id)).findings).toBeInstanceOf(Array);

  for (let time = 0; time < 2; time++) expect(await job.stop()).toMatchObject({ status: "stopped" });
  expect(await client.list({ phases: ["STOPPED"] })).toMatchObject([{ jobId: job.id, resourcesReleased: true }]);
  await job.continue({ parallelism: 1 });
  await countsOn(job);
  const { restoredFrom, checkpoints } = await job.view();
  expect(restoredFrom).toMatchObject({ id: checkpoints.at(-1)!.id, kind: "savepoint" });

  const copy = await client.submit({ entry: counting, fromSavepoint: savepoint.path, labels: { of: job.id } });
  await countsOn(copy);
  expect((await copy.view()).restoredFrom).toMatchObject({ path: savepoint.path });
  expect(await copy.stop({ mode: "now" })).toMatchObject({ status: "stopped" });
  expect((await client.cleanup()).map(({ jobId }) => jobId)).toEqual([copy.id]);

  expect(await client.serverInfo()).toMatchObject({ jobsByPhase: { RUNNING: 1, DELETED: 1 } });
  const phases = new Set<string>();
  for await (const { phase } of job.watch()) {
    if (phases.size === 0) await job.stop({ mode: "drain" });
    phases.add(phase);
  }
  expect([...phases].at(-1)).toBe("COMPLETED");
  expect(await job.done()).toMatchObject({ status: "completed" });
  expect(await job.stop()).toMatchObject({ status: "completed" });
  await job.delete();
  expect(await client.list()).toEqual([]);
  expect((await client.history()).map(({ jobId, phase }) => [jobId, phase])).toEqual([[job.id, "DELETED"], [copy.id, "DELETED"]]);
});

test("an environment saves its job's state and changes its parallelism; records go on where they were", async () => {
  await using daemon = await shareEphemeralDaemon();
  const port = Number(daemon.client.address.split(":").at(-1));
  const { default: definition } = (await import(/* @vite-ignore */ counting.href)) as { default: PipelineDefinition };
  await using env = new RemoteEnvironment(definition.name, { host: "127.0.0.1", port, entry: counting });
  definition.build(env, env.params);
  const running = await env.submit({ autostop: false });
  const { id, path, bytes } = await env.savepoint();
  expect([id > 0, path.includes(running.jobId), bytes > 0]).toEqual([true, true, true]);
  await env.rescale(2);
  const job = daemon.client.job(running.jobId);
  await countsOn(job);
  expect(await job.view()).toMatchObject({ phase: "RUNNING", parallelism: 2, restartCount: 0 });
  await job.delete({ force: true });
});
