// Services in processes of their own, on a daemon of this program alone: real workers, what `pnpm build` made.

import { readdirSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { deferred } from "@sage/core";
import type { ParamValue, PipelineDefinition, SubmitOptions } from "@sage/graph";
import { shareEphemeralDaemon } from "./ephemeral-daemon.ts";
import { LocalEnvironment } from "./index.ts";
import { useOwnTempDir } from "./testing/own-temp-dir.ts";

useOwnTempDir();

const fixture = new URL("../fixtures/remote.ts", import.meta.url);

interface Outcome {
  readonly error: { readonly code?: string; readonly message: string; readonly stack?: string; readonly failure?: { readonly stack: string; readonly hint: string } } | undefined;
  readonly lines: readonly string[];
  readonly booked: readonly { readonly n: number; readonly pid: number; readonly entries: number }[];
}

/** Runs the fixture to its end, whatever that is. */
async function run(params: Readonly<Record<string, ParamValue>>, submit: Pick<SubmitOptions, "timeoutMs" | "restart"> = {}, parallelism = 2): Promise<Outcome> {
  const before = left();
  const dir = await mkdtemp(join(tmpdir(), "sage-test-"));
  const { default: definition } = (await import(fixture.href)) as { default: PipelineDefinition };
  await using env = new LocalEnvironment(definition.name, { entry: fixture, parallelism, params: { marker: join(dir, "marker"), ...params } });
  definition.build(env, env.params);
  const booked: Outcome["booked"][number][] = [];
  const lines: string[] = [];
  const done = env.submit({ ...submit, onLine: ({ operator, text }) => lines.push(`${operator}: ${text}`) }).then(() => undefined, (caught: Outcome["error"]) => caught);
  const reading = (async () => { for await (const record of env.collects()[0] as unknown as AsyncIterable<Outcome["booked"][number]>) booked.push(record); })().catch(() => {});
  const error = await done;
  await env.close();
  await reading;
  expect(left().filter((home) => !before.includes(home))).toEqual([]);
  return { error, lines, booked };
}

/** What this program's daemons have left of themselves: each has a home in the temporary directory, its workers theirs below. */
const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("sage-local-"));

const said = ({ lines }: Outcome, part: string) => lines.filter((line) => line.includes(part));

test("a remote service is one instance for all workers, in a process of its own; setup, calls and cleanup come in that order", async () => {
  const outcome = await run({ count: 20 });
  expect(outcome.error).toBeUndefined();
  expect(outcome.booked.map(({ n }) => n).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect(new Set(outcome.booked.map(({ pid }) => pid)).size).toBe(1);
  expect(outcome.booked[0]!.pid).not.toBe(process.pid);
  expect(new Set(outcome.booked.map(({ entries }) => entries)).size).toBe(20);
  expect(outcome.lines).toEqual(["ledger: ledger set up", ...said(outcome, "booked"), "ledger: ledger cleaned up"]);
  expect(said(outcome, "booked")).toHaveLength(20);
});

test("a remote service calls another one in its setup, its methods and its cleanup, which comes before the other's", async () => {
  const outcome = await run({ through: "clerk", count: 4 });
  expect(outcome.error).toBeUndefined();
  expect(outcome.lines.slice(0, 2)).toEqual(["ledger: ledger set up", "ledger: booked 0"]);
  expect(outcome.lines.filter((line) => !line.includes("booked ")).slice(1)).toEqual(["clerk: clerk cleaned up", "ledger: ledger cleaned up"]);
  expect(said(outcome, "booked -1")).toHaveLength(1);
});

test("what a remote service throws comes to the operator with the line of the service's source", async () => {
  const outcome = await run({ fails: "call" });
  expect(outcome.error).toMatchObject({ code: "SAGE_JOB_FAILED" });
  expect(outcome.error!.message).toContain("two is not booked");
  expect(outcome.error!.stack).toMatch(/RangeError: two is not booked\n +at Ledger\.add \(.*fixtures\/remote\.ts:\d+:\d+\)/);
  expect(outcome.lines.at(-1)).toBe("ledger: ledger cleaned up");
});

test("a remote service that throws in setup, as often as it may be made anew, fails the job by its name; nothing of it is called", async () => {
  const outcome = await run({ fails: "setup", maxRestarts: 1 });
  expect(outcome.error!.message).toContain('the service "ledger" failed and was given up after 1 restarts: no ledger here');
  expect(said(outcome, "booked")).toEqual([]);
  expect(said(outcome, "ledger cleaned up")).toHaveLength(2); // of both instances
});

test("a remote service that throws in cleanup is told in the log, and the job is completed", async () => {
  const outcome = await run({ fails: "cleanup" });
  expect(outcome.error).toBeUndefined();
  expect(said(outcome, 'cleanup of service "ledger" failed: the ledger does not close')).toHaveLength(1);
});

test("an operator that throws fails the job, and the remote service is cleaned up behind it", async () => {
  const outcome = await run({ fails: "operator" });
  expect(outcome.error!.message).toContain("three is too many");
  expect(outcome.lines.at(-1)).toBe("ledger: ledger cleaned up");
});

test("a call that takes too long fails by its name and its limit", async () => {
  const outcome = await run({ fails: "hang", timeoutMs: 300 });
  expect(outcome.error!.message).toMatch(/the service call ledger\.add was still (running|queued) after 300 ms/);
});

test("calls beyond the queue of a remote service are refused at once, and the others answered", async () => {
  const outcome = await run({ through: "burst", queueSize: 1, count: 1 });
  expect(outcome.error).toBeUndefined();
  expect(said(outcome, "refused")[0]).toMatch(/refused: SAGE_SERVICE_OVERLOADED SAGE_SERVICE_OVERLOADED SAGE_SERVICE_OVERLOADED$/); // one runs, one waits
  expect(said(outcome, "booked")).toHaveLength(3);
});

test("a job that is stopped does not wait for the remote call that it is in", async () => {
  const { default: definition } = (await import(fixture.href)) as { default: PipelineDefinition };
  await using env = new LocalEnvironment(definition.name, { entry: fixture, parallelism: 2, params: { marker: "", fails: "hang", timeoutMs: 600_000 } });
  definition.build(env, env.params);
  const reached = deferred();
  await env.submit({ autostop: false, onLine: ({ text }) => { if (text === "calls with 2") reached.resolve(); } });
  await reached.promise;
  await env.stop();
  expect((await env.getJobStatus()).status).toBe("stopped");
});

test("a remote service that crashes is made anew with its setup, the call that crashed it fails, and later ones reach it", async () => {
  const outcome = await run({ fails: "crash", again: true });
  expect(outcome.error).toBeUndefined();
  expect(said(outcome, "ledger set up")).toHaveLength(2);
  expect(said(outcome, "again behind SAGE_SERVICE_CRASH")).toHaveLength(1);
  expect(outcome.booked.map(({ n }) => n).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
});

test("a remote service whose process is killed is made anew in another, and the calls which were with it fail as lost", async () => {
  const outcome = await run({ fails: "kill", again: true });
  expect(outcome.error).toBeUndefined();
  expect(said(outcome, "ledger set up")).toHaveLength(2);
  expect(said(outcome, "again behind SAGE_SERVICE_LOST").length).toBeGreaterThan(0);
  expect(outcome.booked.map(({ n }) => n).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  expect(said(outcome, 'service "ledger" is made anew (1 of 3)')).toHaveLength(1);
});

test("a remote service whose process is killed more often than it may be made anew fails the job by its name", async () => {
  const outcome = await run({ fails: "kill", again: true, maxRestarts: 0 }, { restart: { strategy: "none" } });
  expect(outcome.error!.message).toContain('the service "ledger"');
  expect(outcome.error!.message).toMatch(/given up after 0 restarts: its process on \S+ was ended by SIGKILL|was lost while it had the call ledger\.add/);
});

test("values that cannot cross between processes are named with the call, in both directions", async () => {
  expect((await run({ fails: "value" })).error!.message).toContain("the arguments of ledger.add cannot cross between processes");
  expect((await run({ fails: "result" })).error!.message).toContain("the result of ledger.bad cannot cross between processes");
});

test("the same program without remote keeps one instance in each worker", async () => {
  const outcome = await run({ remote: false, count: 8 });
  expect(outcome.error).toBeUndefined();
  expect(said(outcome, "ledger set up")).toHaveLength(2);
});

test("where workers cannot dial one another, calls go by way of the daemon, which shows it; a killed service comes back so too", async () => {
  process.env["SAGE_WORKER_ENTRY"] = fileURLToPath(new URL("../fixtures/closed-ports-worker.mjs", import.meta.url));
  onTestFinished(() => { delete process.env["SAGE_WORKER_ENTRY"]; });
  await using daemon = await shareEphemeralDaemon();
  const outcome = await run({ fails: "kill", again: true, through: "clerk" }, {}, 1);
  expect(outcome.error).toBeUndefined();
  expect(outcome.booked.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
  expect(said(outcome, "again behind SAGE_SERVICE_LOST")).toHaveLength(1);
  const [job] = await daemon.client.list();
  const { services } = await daemon.client.get(job!.jobId);
  expect(services.filter(({ remote }) => remote).map(({ name, route, restarts }) => [name, route, restarts])).toEqual([["ledger", "relayed", 1], ["clerk", "relayed", 0]]);
});

test("where they can, they call one another directly", async () => {
  await using daemon = await shareEphemeralDaemon();
  const outcome = await run({ count: 3 });
  expect(outcome.error).toBeUndefined();
  const [job] = await daemon.client.list();
  const { services } = await daemon.client.get(job!.jobId);
  expect(services.filter(({ remote }) => remote).map(({ name, route, calls, host, pid }) => [name, route, calls, host !== "", pid])).toEqual([["ledger", "direct", 3, true, outcome.booked[0]!.pid]]);
});
