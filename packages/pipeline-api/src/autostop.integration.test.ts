// What has happened when submit returns: setup, calls and cleanup in this order, and nothing of the job is left, by
// Ray's own list of actors; in each place, whoever fails.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deferred } from "@sage/core";
import type { ParamValue, PipelineDefinition } from "@sage/graph";
import { RayDashboard } from "../../ray-control/src/rest/dashboard.ts";
import { startRayHead, type RayHead } from "../../ray-control/src/testing/ray-head.ts";
import { newestRay } from "../../ray-control/src/testing/ray-venv.ts";
import { shareEphemeralDaemon, type DaemonShare } from "./ephemeral-daemon.ts";
import { LocalEnvironment, RemoteEnvironment, type Environment } from "./index.ts";

const fixture = new URL("../fixtures/remote.ts", import.meta.url);

let head: RayHead;
let daemon: { readonly port: number } & AsyncDisposable;
/** Held, so that not every test starts daemons of its own. */
const shares: DaemonShare[] = [];
beforeAll(async () => {
  head = await startRayHead(newestRay);
  daemon = await startDaemon(head.address);
  shares.push(await shareEphemeralDaemon(), await shareEphemeralDaemon(head.address));
}, 300_000);
afterAll(async () => {
  for (const share of shares) await share[Symbol.asyncDispose]();
  await daemon?.[Symbol.asyncDispose]();
  await head?.[Symbol.asyncDispose]();
}, 60_000);

/** A daemon that others could share, with all its workers on Ray. */
async function startDaemon(ray: string): Promise<{ readonly port: number } & AsyncDisposable> {
  const home = await mkdtemp(join(tmpdir(), "sage-test-"));
  const entry = createRequire(import.meta.url).resolve("@sage/jobmanager-server/daemon");
  const flags = ["--port", "0", "--http-port", "off", "--home", home, "--ray-address", ray, "--warm-workers", "0"];
  const child: ChildProcess = spawn(process.execPath, [entry, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
  return {
    port: (JSON.parse(line) as { port: number }).port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
      await rm(home, { recursive: true, force: true });
    },
  };
}

interface Options {
  readonly entry: URL;
  readonly parallelism: number;
  readonly params: Readonly<Record<string, ParamValue>>;
}

interface Place {
  readonly name: string;
  /** Workers of a job with two instances of its operator, and of those the ones on Ray. */
  readonly actors: number;
  readonly make: (name: string, options: Options) => Environment;
}

const places: readonly Place[] = [
  { name: "in processes here", actors: 0, make: (name, options) => new LocalEnvironment(name, options) },
  { name: "here with services and operators on Ray", actors: 3, make: (name, options) => new LocalEnvironment(name, { ...options, ray: head.address, params: { ...options.params, remoteOperator: true } }) },
  { name: "on a daemon with Ray", actors: 3, make: (name, options) => new RemoteEnvironment(name, { ...options, host: "127.0.0.1", port: daemon.port }) },
];

interface Ended {
  readonly error: { readonly code?: string; readonly message: string } | undefined;
  /** Which of setup, calls and cleanup was done, in order, each kind once. */
  readonly order: readonly string[];
  /** Ray's own list of the job's. */
  readonly actors: readonly string[];
}

/** Submits the fixture and waits. @param waitMs - for so long behind the first call; then the job is stopped. Default: until the end. */
async function run(place: Place, params: Readonly<Record<string, ParamValue>>, { waitMs }: { readonly waitMs?: number } = {}): Promise<Ended> {
  const { default: definition } = (await import(fixture.href)) as { default: PipelineDefinition };
  await using env = place.make(definition.name, { entry: fixture, parallelism: 2, params: { marker: "", maxRestarts: 0, ...params } });
  definition.build(env, env.params);
  const order: string[] = [];
  const called = deferred();
  const onLine = ({ text }: { readonly text: string }) => {
    const kind = text.endsWith("set up") ? "setup" : text.startsWith("booked") ? "call" : /cleaned up$|^cleanup of service/.test(text) ? "cleanup" : undefined;
    if (kind !== undefined && order.at(-1) !== kind) order.push(kind);
    if (kind === "call") called.resolve();
  };
  const submitted = waitMs === undefined ? env.submit({ onLine }) : env.submit({ autostop: false, onLine }).then((job) => called.promise.then(() => job.done({ timeoutMs: waitMs })));
  const done = submitted.then(() => undefined, (caught: Ended["error"]) => caught);
  const reading = (async () => { for await (const _ of env.collects()[0] as unknown as AsyncIterable<unknown>); })().catch(() => {});
  const error = await done;
  if (waitMs !== undefined) await env.stop();
  const actors = await actorsOf(env.jobId!);
  expect(actors.filter((actor) => !actor.startsWith("DEAD "))).toEqual([]);
  await env.close();
  await reading;
  return { error, order, actors };
}

/** What Ray's own list says of a job's actors, as "state name". */
async function actorsOf(jobId: string): Promise<string[]> {
  const actors = await new RayDashboard(head.dashboard).actors({ limit: 1_000 });
  return actors.filter(({ name }) => name.includes(`/${jobId}/`)).map(({ state, name }) => `${state} ${name}`);
}

describe.each(places)("$name", (place) => {
  test("setup, calls and cleanup have happened in that order when submit returns, and every actor of the job is dead", async () => {
    const { error, order, actors } = await run(place, {});
    expect([error?.message, order]).toEqual([undefined, ["setup", "call", "cleanup"]]);
    expect(actors).toHaveLength(place.actors);
  });

  test("the same when an operator throws", async () => {
    const { error, order } = await run(place, { fails: "operator" });
    expect(error?.message).toContain("three is too many");
    expect([order[0], order.at(-1)]).toEqual(["setup", "cleanup"]);
  });

  test("the same when the service throws in a call", async () => {
    const { error, order } = await run(place, { fails: "call" });
    expect(error?.message).toContain("two is not booked");
    expect([order[0], order.at(-1)]).toEqual(["setup", "cleanup"]);
  });

  test("the same when the service throws in setup, and nothing was called", async () => {
    const { error, order } = await run(place, { fails: "setup" });
    expect(error?.message).toContain("no ledger here");
    expect(order).toEqual(["cleanup"]);
  });

  test("the same when the service throws in cleanup: the job is completed, and its log has the error", async () => {
    const { error, order } = await run(place, { fails: "cleanup" });
    expect([error?.message, order]).toEqual([undefined, ["setup", "call", "cleanup"]]);
  });

  test("behind a wait that was too long the job goes on; when it is stopped, the service is cleaned up and every actor dead", async () => {
    const { error, order } = await run(place, { fails: "trickle", count: 20_000 }, { waitMs: 100 });
    expect(error?.code).toBe("SAGE_AUTOSTOP_TIMEOUT");
    expect([order[0], order.at(-1)]).toEqual(["setup", "cleanup"]);
  });
});
