// A worker without a runtime that keeps a ledger exactly once, for tests of recovery: it counts from 0 to LIMIT, writes
// what it has counted into a file per checkpoint when that is committed, and knows after any death where it was.
//
// LEDGER: folder of the ledger. PAUSE_MS: between two numbers. TALK: it says so many characters again and again. FAIL_AT: throws at this number (a poison record).
// KILL_AT: `step@n`, a SIGKILL of itself at the n-th checkpoint of the first attempt: barrier, written, acked, committed.

import { helloProof, newNonce, openBidi, parseWorkerBoot, clientOfBoot, type DaemonMessage, type Deploy, type Plan, type TaskRestore, type WorkerMessageInit } from "@sage/protocol";
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

interface State {
  next: number;
  /** Prepared for a checkpoint, not known to be committed: checkpoint → numbers. */
  prepared: Record<string, number[]>;
}

const lines = createInterface({ input: process.stdin });
const boot = parseWorkerBoot(await new Promise<string>((resolve) => lines.once("line", resolve)));
const env = (name: string, otherwise: string) => boot.env?.[name] ?? process.env[name] ?? otherwise;
const ledger = env("LEDGER", "");
const limit = Number(env("LIMIT", "200"));
const pauseMs = Number(env("PAUSE_MS", "2"));
const failAt = Number(env("FAIL_AT", "-1"));
const [killStep, killNth] = env("KILL_AT", "@0").split("@") as [string, string];
const isDeclining = env("DECLINE", "") === "1";

const outlives = boot.outlivesDaemon === true;
lines.on("close", () => { if (!outlives) process.exit(0); });

const client = clientOfBoot(boot);
let call = openBidi(client, "Attach");
const send = (message: WorkerMessageInit) => call.send(message);
let plan: Plan | undefined;
let staging = "";
let tasks: readonly string[] = [];
let state: State = { next: 0, prepared: {} };
let epoch: number[] = [];
let halted = false;
let isStarted = false;
let drained = false;
let checkpoints = 0;
let lastHello: WorkerMessageInit["hello"];

const die = (step: string) => { if (killStep === step && checkpoints === Number(killNth) && boot.attempt === 1) process.kill(process.pid, "SIGKILL"); };
const atEnd = () => drained || state.next >= limit;

async function attach(): Promise<void> {
  for await (const message of call.messages) {
    if (message.challenge) await greet(message.challenge.daemonNonce);
    else await obey(message);
  }
}

/** What an earlier daemon has let in is of no use with this one; its log has the answer. */
async function repeatToNextDaemon(): Promise<void> {
  if (!lastHello || env("REPEAT_HELLO", "") === "") return;
  const repeated = openBidi(client, "Attach");
  await repeated.send({ hello: lastHello });
  let said = "refused";
  try {
    for await (const { welcome } of repeated.messages) if (welcome) said = "accepted";
  } catch (error) {
    said = (error as { code?: string }).code ?? said;
  }
  await send({ logged: { lines: [{ timeMs: Date.now(), level: "info", operator: "op", index: boot.workerIndex, stream: "log", text: `a Hello of the daemon before: ${said}` }] } });
}

async function greet(daemonNonce: Uint8Array): Promise<void> {
  const nonce = newNonce();
  const { jobId, attempt, workerIndex, workerId, host, secretHex } = boot;
  const proof = helloProof(secretHex, { jobId, attempt, workerIndex, workerId, nonce }, daemonNonce);
  const hello = { jobId, attempt, workerIndex, workerId, host, pid: process.pid, nonce, proof, dataAddress: boot.dataListen, version: "test", snapshots: true };
  await send({ hello });
  await repeatToNextDaemon();
  lastHello = hello;
}

async function obey(message: DaemonMessage): Promise<void> {
  if (message.deploy) await load(message.deploy);
  if (message.start && !isStarted) void run();
  if (message.triggerCheckpoint) await snapshot(message.triggerCheckpoint.checkpointId, message.triggerCheckpoint.halt);
  if (message.checkpointCommitted) await commit(message.checkpointCommitted.checkpointId);
  if (message.checkpointAborted) halted = false;
  if (message.drain) drained = true;
  if (message.cancel) { halted = true; await send({ cancelled: {} }); }
  if (message.close) process.exit(0);
}

async function load(deploy: Deploy): Promise<void> {
  plan = JSON.parse(deploy.planJson) as Plan;
  if (deploy.replanParallelism > 0) {
    const n = deploy.replanParallelism;
    const scaled = { ...plan, parallelism: n, slots: n, nodes: plan.nodes.map((node) => ({ ...node, parallelism: n })), chains: plan.chains.map((chain) => ({ ...chain, parallelism: n })) };
    await send({ deployed: { planJson: JSON.stringify(scaled) } });
    return;
  }
  staging = deploy.checkpoints?.stagingDir ?? "";
  tasks = plan.nodes.filter((node) => boot.workerIndex < node.parallelism).map((node) => node.id);
  for (const task of deploy.restore?.tasks ?? []) await restore(task);
  await send({ deployed: { fingerprint: plan.fingerprint } });
}

async function restore({ handles }: TaskRestore): Promise<void> {
  for (const { file, path } of handles) {
    const bytes = path ? await readFile(path) : (file?.inline ?? Buffer.alloc(0));
    if (createHash("sha256").update(bytes).digest("hex") !== file?.sha256) {
      await send({ failed: { failure: { code: "SAGE_CHECKPOINT_DAMAGED", fault: "cluster", message: `${path} has another hash` } } });
      await new Promise(() => {});
    }
    state = JSON.parse(bytes.toString()) as State;
    for (const id of Object.keys(state.prepared)) await publish(id);
    state.prepared = {};
  }
}

const talk = () => send({ logged: { lines: [{ timeMs: Date.now(), level: "info", operator: "op", index: boot.workerIndex, stream: "log", text: "x".repeat(Number(env("TALK", "0"))) }] } });
const beat = () => send({ heartbeat: { tasks: tasks.map((nodeId) => ({ nodeId, instance: { index: boot.workerIndex, state: "running", recordsOut: state.next } })) } });

async function run(): Promise<void> {
  isStarted = true;
  await beat();
  setInterval(() => void beat(), 200);
  if (Number(env("TALK", "0")) > 0) setInterval(() => void talk(), 50);
  while (!atEnd()) {
    if (!halted) {
      if (state.next === failAt) {
        await send({ failed: { failure: { code: "SAGE_OPERATOR_FAILED", fault: "user", message: "poison", operator: "NumberBatch", index: boot.workerIndex, recordNumber: failAt } } });
        return;
      }
      epoch.push(state.next++);
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  await send({ awaitsCheckpoint: {} });
}

async function snapshot(id: number, halt: boolean): Promise<void> {
  checkpoints++;
  die("barrier");
  if (isDeclining) return send({ snapshotDeclined: { checkpointId: id, reason: "cannot be saved", operator: "NumberBatch" } });
  halted = halt;
  if (epoch.length > 0) state.prepared[id] = epoch;
  epoch = [];
  const bytes = Buffer.from(JSON.stringify(state));
  const name = `${boot.workerIndex}-${id}`;
  try {
    await writeSynced(join(staging, name), bytes);
  } catch (error) {
    return send({ snapshotDeclined: { checkpointId: id, reason: String(error), operator: "NumberBatch" } });
  }
  die("written");
  const file = { name, sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length, kind: "test" };
  await send({ snapshotAck: { checkpointId: id, tasks: tasks.map((nodeId, i) => ({ nodeId, index: boot.workerIndex, files: i === 0 ? [file] : [], stateBytes: bytes.length })) } });
  if (killStep === "acked") setImmediate(() => die("acked"));
}

async function commit(checkpointId: number): Promise<void> {
  die("committed");
  for (const id of Object.keys(state.prepared)) {
    if (Number(id) > checkpointId) continue;
    await publish(id);
    delete state.prepared[id];
  }
  await send({ committed: { checkpointId } });
  if (atEnd() && epoch.length === 0 && Object.keys(state.prepared).length === 0) {
    await send({ finished: { tasks: tasks.map((nodeId) => ({ nodeId, instance: { index: boot.workerIndex, state: "finished", recordsOut: state.next } })) } });
  }
}

/** Under the same name whoever commits it, so twice is once. */
async function publish(id: string): Promise<void> {
  await mkdir(ledger, { recursive: true });
  const path = join(ledger, `${boot.workerIndex}-${id.padStart(8, "0")}`);
  await writeSynced(`${path}.part`, Buffer.from((state.prepared[id] ?? []).map((n) => `${n}\n`).join("")));
  await rename(`${path}.part`, path);
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

const nonce = () => new Promise((resolve) => setTimeout(resolve, 50));
for (let tries = 0; ; tries++) {
  try {
    await attach();
  } catch (error) {
    if (!outlives || tries > 200) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(4);
    }
  }
  await nonce();
  call = openBidi(client, "Attach");
}
