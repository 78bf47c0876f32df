// The client library against a real daemon, as a service uses it.

import { expect, test } from "vitest";
import { shareEphemeralDaemon } from "./ephemeral-daemon.ts";

const words = new URL("../fixtures/words.ts", import.meta.url);
const endless = new URL("../fixtures/endless.ts", import.meta.url);
const failing = new URL("../fixtures/failing.ts", import.meta.url);

test("a job's lines can be read whole, by operator, and from their end", async () => {
  await using daemon = await shareEphemeralDaemon();
  const job = await daemon.client.submit({ entry: words, params: { lines: 10 }, parallelism: 2 });
  await job.done();
  const texts = async (options: Parameters<typeof job.logs>[0]) => {
    const lines = [];
    for await (const line of job.logs(options)) lines.push(line);
    return lines;
  };
  const all = await texts({ operator: "shout" });
  expect(all).toHaveLength(30);
  expect(all.every((line) => line.operator === "shout" && line.text.startsWith("heard "))).toBe(true);
  expect((await texts({ operator: "shout", tail: 4 })).map((line) => line.seq)).toEqual(all.slice(-4).map((line) => line.seq));
  expect(await texts({ operator: "shout", follow: true })).toEqual(all);
});

test("jobs are found by number, id and the beginning of an id; deleted ones leave the list", async () => {
  await using daemon = await shareEphemeralDaemon();
  const { client } = daemon;
  const first = await client.submit({ entry: words, labels: { team: "a" } });
  await first.done();
  const second = await client.submit({ entry: endless });
  for (const ref of ["1", "#1", first.id, first.id.toUpperCase()]) expect((await client.resolveJob(ref)).jobId).toBe(first.id);
  expect((await client.resolveJob(second.id.slice(0, -1))).jobId).toBe(second.id);
  await expect(client.resolveJob("99")).rejects.toMatchObject({ code: "SAGE_JOB_NOT_FOUND" });
  await expect(client.delete(second.id)).rejects.toMatchObject({ code: "SAGE_JOB_RUNNING" });
  await client.delete(second.id, { force: true });
  expect((await client.list()).map((job) => [job.jobId, job.labels])).toEqual([[first.id, { team: "a" }]]);
  expect((await client.cleanup()).map((job) => job.jobId)).toEqual([first.id]);
  expect(await client.list()).toEqual([]);
  expect(await client.list({ withDeleted: true })).toHaveLength(2);
});

test("a watch shows a job's way to its end; serverInfo and health answer", async () => {
  await using daemon = await shareEphemeralDaemon();
  const job = await daemon.client.submit({ entry: words });
  const phases = new Set<string>();
  for await (const view of job.watch()) phases.add(view.phase);
  expect([...phases].at(-1)).toBe("COMPLETED");
  expect(await daemon.client.serverInfo()).toMatchObject({ jobsByPhase: { COMPLETED: 1 } });
  expect(await daemon.client.health()).toEqual({ healthy: true, status: "SERVING" });
});

test("a failed job rejects the wait and the reading of its results with the same facts", async () => {
  await using daemon = await shareEphemeralDaemon();
  const job = await daemon.client.submit({ entry: failing });
  const read = (async () => { for await (const _ of job.results()); })();
  for (const settled of await Promise.allSettled([job.done(), read])) {
    expect(settled).toMatchObject({ status: "rejected", reason: { code: "SAGE_JOB_FAILED", operator: "picky", recordNumber: 4 } });
  }
});
