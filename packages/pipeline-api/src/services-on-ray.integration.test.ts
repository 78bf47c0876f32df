// Remote services of a local program on a real Ray, by its client server and by its dashboard alone: what holds in processes
// of this machine (remote-services.integration.test.ts) holds there too, and Ray lists every actor as dead behind it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deferred } from "@sage/core";
import type { ParamValue, PipelineDefinition } from "@sage/graph";
import { RayDashboard } from "../../ray-control/src/rest/dashboard.ts";
import { startRayHead, type RayHead } from "../../ray-control/src/testing/ray-head.ts";
import { newestRay } from "../../ray-control/src/testing/ray-venv.ts";
import { shareEphemeralDaemon, type DaemonShare } from "./ephemeral-daemon.ts";
import { LocalEnvironment } from "./index.ts";

const fixture = new URL("../fixtures/remote.ts", import.meta.url);

let head: RayHead;
let dir = "";
beforeAll(async () => {
  head = await startRayHead(newestRay);
  dir = await mkdtemp(join(tmpdir(), "sage-test-"));
}, 300_000);
afterAll(async () => {
  await head?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

type Params = Readonly<Record<string, ParamValue>>;

describe.each([
  { way: "by its client server", addressOf: () => head.address },
  { way: "by its dashboard", addressOf: () => head.dashboard },
])("services on Ray, reached $way", ({ way, addressOf }) => {
  let daemon: DaemonShare;
  beforeAll(async () => {
    daemon = await shareEphemeralDaemon(addressOf());
  }, 120_000);
  afterAll(() => daemon?.[Symbol.asyncDispose]());

  async function built(params: Params): Promise<LocalEnvironment> {
    const { default: definition } = (await import(fixture.href)) as { default: PipelineDefinition };
    const marker = join(dir, `${way} ${JSON.stringify(params)}`.replaceAll(/\W/g, "-"));
    const env = new LocalEnvironment(definition.name, { entry: fixture, ray: addressOf(), parallelism: 1, params: { marker, ...params } });
    definition.build(env, env.params);
    return env;
  }

  /** Runs the fixture to its end, whatever that is. */
  async function run(params: Params): Promise<{ readonly error: string; readonly lines: readonly string[]; readonly booked: readonly number[] }> {
    await using env = await built(params);
    const lines: string[] = [];
    const booked: number[] = [];
    const done = env.submit({ restart: { strategy: "none" }, onLine: ({ text }) => lines.push(text) }).then(() => "", (caught: Error) => caught.message);
    const reading = (async () => { for await (const { n } of env.collects()[0] as unknown as AsyncIterable<{ n: number }>) booked.push(n); })().catch(() => {});
    const error = await done;
    await reading;
    await requireDead(env);
    return { error, lines, booked };
  }

  /** Of all the service's processes, one after the other. */
  async function requireDead({ jobId }: LocalEnvironment): Promise<void> {
    const actors = (await new RayDashboard(head.dashboard).actors({ limit: 1_000 })).filter(({ name }) => name.includes(`/${jobId!}/`));
    expect(actors.map(({ state }) => state)).toEqual(actors.map(() => "DEAD"));
    expect(actors.length).toBeGreaterThan(0);
  }

  test("calls beyond the service's queue are refused at once, and the others answered", async () => {
    const { error, lines, booked } = await run({ through: "burst", queueSize: 1, count: 1 });
    expect([error, booked]).toEqual(["", [1]]);
    expect(lines.find((line) => line.startsWith("refused"))).toMatch(/^refused: SAGE_SERVICE_OVERLOADED SAGE_SERVICE_OVERLOADED SAGE_SERVICE_OVERLOADED$/); // one runs, one waits
  });

  test("a call that takes too long fails by its name and its limit", async () => {
    expect((await run({ fails: "hang", timeoutMs: 500 })).error).toMatch(/the service call ledger\.add was still (running|queued) after 500 ms/);
  });

  test("a job that is stopped does not wait for the call that it is in", async () => {
    await using env = await built({ fails: "hang", timeoutMs: 600_000 });
    const reached = deferred();
    await env.submit({ autostop: false, onLine: ({ text }) => { if (text === "calls with 2") reached.resolve(); } });
    await reached.promise;
    await env.stop();
    expect((await env.getJobStatus()).status).toBe("stopped");
    await requireDead(env);
  });

  test("a service whose process is killed is made anew in another actor, and the calls that were with it fail as lost", async () => {
    const { error, lines, booked } = await run({ fails: "kill", again: true });
    expect([error, booked]).toEqual(["", [1, 2, 3, 4, 5]]);
    expect(lines.filter((line) => /set up|made anew|again behind/.test(line))).toEqual(["ledger set up", expect.stringContaining('service "ledger" is made anew (1 of 3)'), "again behind SAGE_SERVICE_LOST", "ledger set up"]);
  });

  test("one that is killed more often than it may be made anew fails the job by its name", async () => {
    const { error } = await run({ fails: "kill", again: true, maxRestarts: 0 });
    expect(error).toMatch(/the service "ledger".*given up after 0 restarts: its process on \S+ was ended by SIGKILL|was lost while it had the call ledger\.add/);
  });
});
