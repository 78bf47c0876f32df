// A worker without a runtime, for tests of the daemon: it speaks Attach and does what the job's variable SCRIPT says.

import { callUnary, helloProof, newNonce, openBidi, parseWorkerBoot, pulsePurpose, workerProof, clientOfBoot, type DaemonMessage, type Deploy, type Plan, type WorkerMessageInit } from "@sage/protocol";
import { createInterface } from "node:readline";

const resultBatches = 40;

const lines = createInterface({ input: process.stdin });
const boot = parseWorkerBoot(await new Promise<string>((resolve) => lines.once("line", resolve)));
lines.on("close", () => process.exit(0)); // the daemon has gone
const script = boot.env?.["SCRIPT"] ?? process.env["SCRIPT"] ?? "complete";
const isFirst = boot.workerIndex === 0;
let daemonNonce: Buffer = Buffer.alloc(0);

if (script === "exit-early") {
  process.stderr.write("cannot load the frobnicator\n");
  process.exit(3);
}
if (script !== "never-hello") await attach();
else setInterval(() => {}, 1_000);

async function attach(): Promise<void> {
  const client = clientOfBoot(boot);
  const call = openBidi(client, "Attach");
  const messages = call.messages[Symbol.asyncIterator]();
  daemonNonce = await challengeOf(messages);
  const nonce = newNonce();
  const { jobId, attempt, workerIndex, workerId, host } = boot;
  const secretHex = script === "wrong-secret" ? "00".repeat(32) : boot.secretHex;
  const proofOf = (each: Buffer) => helloProof(secretHex, { jobId, attempt, workerIndex, workerId, nonce: each }, daemonNonce);
  const proof = proofOf(nonce);
  const hello = { jobId, attempt, workerIndex, workerId, host, pid: process.pid, nonce, proof, dataAddress: boot.dataListen, version: "test" };
  await call.send({ hello });
  let newest = call;
  const obey = obeying((message) => newest.send(message), async () => {
    const again = async (fields: { readonly nonce?: Buffer; readonly proof?: Buffer }) => {
      const stream = openBidi(client, "Attach");
      const answers = stream.messages[Symbol.asyncIterator]();
      await challengeOf(answers);
      await stream.send({ hello: { ...hello, ...fields } });
      return { stream, answers, said: await answers.next().then(() => "accepted", (error: { code?: string }) => error.code) };
    };
    const repeated = await again({});
    const freshNonce = newNonce();
    const fresh = await again({ nonce: freshNonce, proof: proofOf(freshNonce) });
    newest = fresh.stream;
    newer = fresh.answers;
    return `the same Hello: ${repeated.said}; another one: ${fresh.said}`;
  }, () => {
    setInterval(() => {}, 1_000); // its process stays
    call.cancel();
  });
  let newer: AsyncIterator<DaemonMessage> | undefined;
  const obeyAll = async (from: AsyncIterator<DaemonMessage>) => { for (let next = await from.next(); !next.done; next = await from.next()) await obey(next.value); };
  try {
    await obeyAll(messages);
    if (newer) await obeyAll(newer);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (script !== "peer-leaves") process.exit(4);
  }
}

/** What a stream begins with. */
async function challengeOf(messages: AsyncIterator<DaemonMessage>): Promise<Buffer> {
  return Buffer.from(((await messages.next()).value as DaemonMessage).challenge?.daemonNonce ?? []);
}

/** Says again and again that something blocks it, and nothing else. */
async function pulse(): Promise<void> {
  const client = clientOfBoot(boot);
  const { jobId, attempt, workerIndex, workerId } = boot;
  const atMs = Date.now();
  const ownerOf = (serial: number, purpose = pulsePurpose) => {
    const nonce = newNonce();
    return { jobId, attempt, workerIndex, workerId, nonce, serial, proof: workerProof(boot.secretHex, { jobId, attempt, workerIndex, workerId, nonce }, { daemonNonce, purpose, serial }) };
  };
  let owner = ownerOf(1);
  for (let said = 0; said < 20; said++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    owner = ownerOf(said + 1);
    await callUnary(client, "Pulse", { owner, operator: "NumberBatch", index: workerIndex, block: { atMs, durationMs: Date.now() - atMs, stack: "    at spin (src/ops.ts:7:3)" } }, { deadlineMs: 10_000 });
  }
  for (const [what, other] of [["made up", { ...ownerOf(100), proof: newNonce() }], ["repeated", owner], ["of another call", ownerOf(101, "attach")]] as const) {
    await callUnary(client, "Pulse", { owner: other, operator: "NumberBatch" }, { deadlineMs: 10_000 }).catch((error: unknown) => process.stdout.write(`${what}: ${(error as Error).message}\n`));
  }
  client.close();
}

function obeying(send: (message: WorkerMessageInit) => Promise<void> | undefined, reconnect: () => Promise<string>, leave: () => void): (message: DaemonMessage) => Promise<void> | void {
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
    if (script === "peer-leaves" && isFirst) await send({ failed: { failure: { code: "SAGE_PEER_LOST", fault: "cluster", message: "lost worker 1" } } });
    else if (script === "peer-leaves") leave();
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
