// Thousands of workers played by one process: each has its own connection to the daemon, says Hello, is deployed, and then
// tells as often as it is asked to how its two operators do. A message that is no boot line asks how many heartbeats were sent.

import { emptyInstance, helloProof, newNonce, openBidi, workersClient, type DaemonMessage, type Plan, type WorkerBoot, type WorkerMessageInit } from "../../packages/protocol/src/index.ts";

type Boot = Pick<WorkerBoot, "jobId" | "attempt" | "workerIndex" | "workerId" | "daemonAddress" | "secretHex">;

let beats = 0;
process.on("message", ({ boot }: { boot?: Boot }) => {
  if (boot) void play(boot);
  else process.send!({ beats });
});
process.on("disconnect", () => process.exit(0));

async function play({ jobId, attempt, workerIndex, workerId, daemonAddress, secretHex }: Boot): Promise<void> {
  const client = workersClient(daemonAddress, { channel: { "grpc.use_local_subchannel_pool": 1 } }); // else all share one connection
  const call = openBidi(client, "Attach");
  const send = (message: WorkerMessageInit) => void call.send(message);
  let records = 0;
  let intervalMs = 0;
  try {
    for await (const message of call.messages) obey(message);
  } catch (error) {
    console.error(`worker ${workerIndex} of ${jobId}: ${(error as Error).message}`);
    process.exit(1);
  }

  function obey({ challenge, welcome, pace, deploy, cancel }: DaemonMessage): void {
    if (challenge) {
      const nonce = newNonce();
      const proof = helloProof(secretHex, { jobId, attempt, workerIndex, workerId, nonce }, challenge.daemonNonce);
      send({ hello: { jobId, attempt, workerIndex, workerId, host: "played", pid: process.pid, nonce, proof, dataAddress: `tcp:10.0.0.1:${20_000 + workerIndex}`, version: "test" } });
    }
    if (welcome) {
      intervalMs = welcome.heartbeatIntervalMs;
      setTimeout(beat, Math.random() * intervalMs);
    }
    if (pace) intervalMs = pace.heartbeatIntervalMs;
    if (deploy) send({ deployed: { fingerprint: (JSON.parse(deploy.planJson) as Plan).fingerprint } });
    if (cancel) send({ cancelled: {} });
  }

  function beat(): void {
    setTimeout(beat, intervalMs);
    beats++;
    records += 12_345;
    const instance = { ...emptyInstance(workerIndex), state: "running", recordsIn: records, recordsOut: records, bytesOut: records * 20, busyMs: records / 10, busyMsPerSecond: 700, idleMsPerSecond: 300, hasWatermark: true, watermarkMs: Date.now(), latencyP50Ms: 1.5, latencyP99Ms: 4.5, latencySamples: 40 };
    send({ heartbeat: { tasks: [{ nodeId: "source", instance }, { nodeId: "sink", instance }], rssBytes: 90_000_000 } });
  }
}
