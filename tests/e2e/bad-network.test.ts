// A job whose workers see one another and their daemon over a bad network: slow, narrow and losing packets it is slow,
// and nothing else; where a connection falls silent, it is found and the job goes on from its last checkpoint.

import { callServerStream, callUnary, type JobView } from "../../packages/protocol/src/index.ts";
import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { BadNetwork } from "./chaos/bad-network.ts";
import { BreakableDaemon } from "./chaos/breakable-daemon.ts";
import { pidsOf } from "./chaos/chaos.ts";
import { randomOf } from "./chaos/faults.ts";
import { rssBytesOf } from "./chaos/processes.ts";
import { submitShape } from "./chaos/shape-subject.ts";

const deadlineMs = 100_000;
const seed = Number(process.env["SAGE_CHAOS_SEED"] ?? Math.floor(Math.random() * 1e9));
/** 200 ms there and back, give or take 50; one packet in a hundred is lost; 1 Mbit/s. */
const weather = { delayMs: 100, jitterMs: 25, loss: 0.01, bytesPerSecond: 125_000 };

const completed = (job: JobView): number => job.checkpoints.findLast(({ state }) => state === "complete")?.id ?? 0;

test(`over a slow, narrow, lossy network no worker is taken for dead and checkpoints complete; a silent one is found (seed ${seed})`, async () => {
  await using daemon = await BreakableDaemon.start("real", ["--heartbeat-timeout-ms", "3000"], "tests/e2e/chaos/slow-sockets.mjs");
  await using network = new BadNetwork(weather, randomOf(seed));
  await writeFile(daemon.linksFile, JSON.stringify({ daemonPort: daemon.port, toDaemon: await network.toPort(daemon.port), toPeers: await network.toPaths() }));
  const { jobId, end, mistakes } = await submitShape("keyed", 2, { client: () => daemon.client, port: daemon.port, home: daemon.home, dir: daemon.dir, deadlineMs }, { limit: 60_000, pauseMs: 40 });
  const when = async (holds: (job: JobView) => boolean): Promise<JobView> => {
    let last: JobView | undefined;
    for await (const job of callServerStream(daemon.client, "Watch", { jobId, minIntervalMs: 20 }, { deadlineMs })) if (holds((last = job))) return job;
    throw new Error(`the job ended as ${last?.phase}: ${last?.failure?.message ?? ""}`);
  };
  const before = await when((job) => completed(job) >= 3);
  expect(before).toMatchObject({ phase: "RUNNING", restartCount: 0 });
  const pids = pidsOf(before);
  expect(pids).toHaveLength(2);
  for (const pid of pids) expect(rssBytesOf(pid) / 2 ** 20).toBeLessThan(300);
  network.fallSilent();
  const after = await when((job) => job.restartCount > 0 && job.phase === "RUNNING" && completed(job) > completed(before));
  expect(after.restarts[0]).toMatchObject({ code: expect.stringMatching(/^SAGE_(WORKER|PEER|CONNECTION)_/) as string });
  await end();
  const job = await when(({ resourcesReleased }) => resourcesReleased);
  expect(job).toMatchObject({ phase: "COMPLETED" });
  expect((await mistakes()).mistakes).toEqual([]);
  await callUnary(daemon.client, "Delete", { jobId }, { deadlineMs });
});
