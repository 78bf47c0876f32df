// A worker without a runtime, for tests of the daemon: it speaks Attach and does what the job's variable SCRIPT says.

import { callUnary, newNonce, openBidi, parseWorkerBoot, workerProof, workersClient, type DaemonMessage, type Deploy, type Plan, type WorkerMessageInit } from "@sage/protocol";
import { createInterface } from "node:readline";

const resultBatches = 40;

const lines = createInterface({ input: process.stdin });
const boot = parseWorkerBoot(await new Promise<string>((resolve) => lines.once("line", resolve)));
lines.on("close", () => process.exit(0)); // the daemon has gone
const script = boot.env?.["SCRIPT"] ?? process.env["SCRIPT"] ?? "complete";
const isFirst = boot.workerIndex === 0;

if (script === "exit-early") {
  process.stderr.write("cannot load the frobnicator\n");
  process.exit(3);
}
if (script !== "never-hello") await attach();
else setInterval(() => {}, 1_000);

async function attach(): Promise<void> {
  const client = workersClient(boot.daemonAddress);
  const call = openBidi(client, "Attach");
  const send = (message: WorkerMessageInit) => call.send(message);
  const nonce = newNonce();
  const { jobId, attempt, workerIndex, workerId, host } = boot;
  const secretHex = script === "wrong-secret" ? "00".repeat(32) : boot.secretHex;
  const proof = workerProof(secretHex, { jobId, attempt, workerIndex, workerId, nonce });
  const hello = { jobId, attempt, workerIndex, workerId, host, pid: process.pid, nonce, proof, dataAddress: boot.dataListen, version: "test" };
  await send({ hello });
  let newest = call;
  const obey = obeying((message) => newest.send(message), async () => {
    const repeated = openBidi(client, "Attach");
    await repeated.send({ hello });
    const said = await repeated.messages[Symbol.asyncIterator]().next().then(() => "accepted", (error: { code?: string }) => error.code);
    const freshNonce = newNonce();
    const fresh = openBidi(client, "Attach");
    await fresh.send({ hello: { ...hello, nonce: freshNonce, proof: workerProof(secretHex, { jobId, attempt, workerIndex, workerId, nonce: freshNonce }) } });
    const welcome = (await fresh.messages[Symbol.asyncIterator]().next()).value as DaemonMessage;
    newest = fresh;
    return `the same Hello: ${said}; another one: ${welcome.welcome ? "accepted" : "refused"}`;
  });
  try {
    for await (const message of call.messages) await obey(message);
    if (newest !== call) for await (const message of newest.messages) await obey(message);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(4);
  }
}

/** Says again and again that something blocks it, and nothing else. */
async function pulse(): Promise<void> {
  const client = workersClient(boot.daemonAddress);
  const { jobId, attempt, workerIndex, workerId } = boot;
  const atMs = Date.now();
  for (let said = 0; said < 20; said++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const nonce = newNonce();
    const owner = { jobId, attempt, workerIndex, workerId, nonce, proof: workerProof(boot.secretHex, { jobId, attempt, workerIndex, workerId, nonce }) };
    await callUnary(client, "Pulse", { owner, operator: "NumberBatch", index: workerIndex, block: { atMs, durationMs: Date.now() - atMs, stack: "    at spin (src/ops.ts:7:3)" } }, { deadlineMs: 10_000 });
  }
  const owner = { jobId, attempt, workerIndex, workerId, nonce: newNonce(), proof: newNonce() };
  await callUnary(client, "Pulse", { owner, operator: "NumberBatch" }, { deadlineMs: 10_000 }).catch((error: unknown) => process.stdout.write(`${(error as Error).message}\n`));
  client.close();
}

function obeying(send: (message: WorkerMessageInit) => Promise<void> | undefined, reconnect: () => Promise<string>): (message: DaemonMessage) => Promise<void> | void {
  let deploy: Deploy | undefined;
  let plan: Plan | undefined;
  let batchesSent = 0;
  let rounds = 0;
  const log = (text: string) => send({ logged: { lines: [{ timeMs: Date.now(), level: "info", operator: "op", index: boot.workerIndex, stream: "log", text }] } });
  const metrics = (state: string) => [{ nodeId: "source", instance: { index: boot.workerIndex, state, recordsOut: 5, progress: 1 } }];
  const finish = async () => {
    await log("done");
    await send({ finished: { tasks: metrics("finished") } });
  };
  const sendResults = async (count: number) => {
    for (let left = count; left > 0 && batchesSent < resultBatches; left--) {
      await send({ result: { nodeId: "collect", batch: { index: boot.workerIndex, seq: batchesSent++, records: Buffer.from(`${boot.workerIndex}:${batchesSent}`) } } });
    }
    if (batchesSent < resultBatches) return;
    await send({ result: { nodeId: "collect", batch: { index: boot.workerIndex, seq: batchesSent }, last: true } });
    await finish();
  };
  const start = async () => {
    await send({ heartbeat: { tasks: metrics("running"), services: [{ name: "llm", state: "ready" }] } });
    await log(`started ${script} with ${deploy?.paramsJson}`);
    process.stdout.write(`raw output of ${boot.workerIndex}\n`);
    if (script === "reconnect") {
      await log(await reconnect());
      await finish();
    }
    if (script === "complete" && !plan?.loops.length && !plan?.nodes.some((node) => node.kind === "collect")) await finish();
    if (script === "fail" && isFirst) await send({ failed: { failure: { code: "SAGE_OPERATOR_FAILED", fault: "user", message: "boom", operator: "DoubleMap", index: 0, recordNumber: 3, stack: "at src/ops.ts:7" } } });
    if (script === "crash" && isFirst) process.kill(process.pid, "SIGKILL");
    if (script === "talk") {
      const hundred = Array.from({ length: 100 }, () => ({ timeMs: Date.now(), level: "info", operator: "talker", index: boot.workerIndex, stream: "log", text: "x".repeat(200) }));
      for (let left = Number(boot.env?.["HUNDREDS"] ?? process.env["HUNDREDS"]); left > 0; left--) await send({ logged: { lines: hundred } });
      await finish();
    }
    if (script === "overdraw") for (let i = 0; i < 100; i++) await send({ result: { nodeId: "collect", batch: { index: boot.workerIndex, seq: i } } });
    if (script === "blocked" && isFirst) for (;;); // a synchronous operator without an end
    if (script === "pulsing") {
      if (isFirst) await pulse();
      await finish();
    }
    if (script === "peer-lost" && isFirst) {
      await send({ failed: { failure: { code: "SAGE_PEER_LOST", fault: "cluster", message: "lost worker 1" } } });
    } else if (script === "peer-lost") process.exit(9);
  };
  return async (message) => {
    if (message.deploy) {
      deploy = message.deploy;
      plan = JSON.parse(deploy.planJson) as Plan;
      if (script !== "never-deployed") await send({ deployed: { fingerprint: script === "mismatch" ? "another" : plan.fingerprint } });
    }
    if (message.start) await start();
    if (message.resultCredit && script === "complete") await sendResults(message.resultCredit.batches);
    if (message.loopQuery) {
      const quiet = ++rounds > 2;
      await send({ loopReport: { round: message.loopQuery.round, loops: [{ loopId: "future", sent: 7, processed: quiet ? 7 : 6, quiet }] } });
    }
    if (message.loopEnd) await finish();
    if (message.cancel && script !== "deaf") await send({ cancelled: {} });
    if (message.close && script !== "deaf") process.exit(0);
  };
}
