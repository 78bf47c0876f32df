// The worker's process: from its boot line to its exit code (see `worker-boot.ts` of @sage/protocol for the contract).
//
// Invariants:
//   M1. The process ends only here, with 0 behind Close or behind the end of stdin, else with 1 and the reason on stderr.
//   M2. Whatever user code does (throw where nobody catches, call process.exit), its job fails with that as the cause.

import { isMainThread } from "node:worker_threads";
import { Cleanup, messageOf, systemClock } from "@sage/core";
import type { WorkerBoot } from "@sage/protocol";
import { readBootLine } from "./boot-line.ts";
import { captureConsole } from "./console-capture.ts";
import { DaemonLink } from "./daemon-link.ts";
import { openDataPlane } from "./job-engine.ts";
import { LogLines } from "./log-lines.ts";
import { watchFaults } from "./process-faults.ts";
import { rehearse } from "./rehearse.ts";
import { Worker } from "./worker.ts";

const version = "0.1.0";
/** Longest wait for user code to clean up when there is no daemon any more, in milliseconds. */
const farewellMs = 10_000;

/** For the thread that watches this one: it loads this file when it has something to tell. */
export { openPulse } from "./pulse.ts";

/** A process whose job has not come by then, in milliseconds, was started ahead of it. */
const waitMs = 100;

let worker: Worker | undefined;
const earlyFaults: unknown[] = [];

if (isMainThread) await main();

async function main(): Promise<void> {
  const faults = watchFaults((error) => {
    if (worker) worker.fail(error);
    else earlyFaults.push(error);
  });
  try {
    const booting = readBootLine(process.stdin);
    if (!(await settledWithin(waitMs, booting))) await rehearse();
    const { boot, parentGone } = await booting;
    settleIn(boot);
    if (boot.outlivesDaemon) for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {}); // its pipes end with the daemon
    await (boot.outlivesDaemon ? work(boot) : Promise.race([work(boot), parentGone.then(sayFarewell)]));
    faults.exit(0);
  } catch (error) {
    process.stderr.write(`sage worker: ${[error, ...earlyFaults].map(messageOf).join("; ")}\n`, () => faults.exit(1));
  }
}

async function work(boot: WorkerBoot): Promise<void> {
  await using cleanup = new Cleanup();
  const { signal } = new AbortController();
  const sayTo: { link?: DaemonLink } = {};
  const plane = cleanup.use(await openDataPlane(boot, signal, (workerIndex, silentMs) => sayTo.link?.sendNow({ peerSilent: { workerIndex, silentMs: Math.round(silentMs) } })));
  const link = cleanup.use(await DaemonLink.open({ boot, dataAddress: plane.address, version, signal }));
  sayTo.link = link;
  const lines = new LogLines(boot, (batch) => link.send({ logged: { lines: [...batch] } }));
  cleanup.use(captureConsole((line) => { void lines.add(line); }));
  worker = new Worker({ boot, link, plane, lines, entry: import.meta.url });
  for (const error of earlyFaults) worker.fail(error);
  try {
    await worker.run();
  } catch (error) {
    await sayFarewell();
    throw error;
  }
}

/** What a process that was started before its job was known lacks. */
function settleIn({ env = {}, baseDir = "" }: WorkerBoot): void {
  Object.assign(process.env, env);
  try {
    if (baseDir !== "") process.chdir(baseDir);
  } catch {
    // the program comes from another machine: relative paths begin in the worker's own folder
  }
}

async function settledWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const late = systemClock.sleep(ms, over.signal).then(() => false, () => false);
  try {
    return await Promise.race([work.then(() => true, () => true), late]);
  } finally {
    over.abort();
  }
}

/** Lets user code end without a daemon, for a while. */
async function sayFarewell(): Promise<void> {
  await Promise.race([worker?.abandon("the JobManager has gone"), systemClock.sleep(farewellMs)]);
}
