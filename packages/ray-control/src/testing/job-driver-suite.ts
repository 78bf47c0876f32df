// A cluster by its dashboard alone: a driver of ours runs there as a Ray Job, the same for every version of Ray.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  connectRayJob, isOver, RayActorDiedError, RayActorNameTakenError, RayActorNotFoundError, RayDashboard, RayDriverFailedError, RayRequestError, RaySessionClosedError, RaySessionLostError, RayTaskError, RayUnreachableError,
  type RayJobSession,
} from "../index.ts";
import { startDriverServer, type DriverServer } from "./driver-server.ts";
import { freePorts, type RayHead } from "./ray-head.ts";
import { source } from "./python-source.ts";
import { until } from "./until.ts";
import { workerHostSuite } from "./worker-host-suite.ts";

export function jobDriverSuite(headOf: () => RayHead): void {
  let server: DriverServer;
  let ray: RayJobSession;
  const open = (owner: string, door = server.door) => connectRayJob(headOf().dashboard, { door, owner, namespace: "jobs" });
  const driversOf = async (owner: string) => (await new RayDashboard(headOf().dashboard).jobs.list()).filter(({ submissionId }) => submissionId.startsWith(`sage-driver-${owner}-`));

  beforeAll(async () => {
    server = await startDriverServer();
    ray = await open("suite");
  }, 120_000);
  afterAll(async () => {
    await ray?.close();
    await server?.[Symbol.asyncDispose]();
  });

  test("tells of Ray, its nodes and what is free", async () => {
    expect(ray.server).toMatchObject({ rayVersion: headOf().version, pythonVersion: expect.stringMatching(/^3\./) as string });
    expect(await ray.nodes()).toMatchObject([{ isAlive: true, isHead: true, resources: { CPU: 4, slot: 10 } }]);
    expect(await ray.clusterResources()).toMatchObject({ CPU: 4, slot: 10 });
    expect((await ray.availableResources())["slot"]).toBe(10);
  });

  test("actors are made with their options, called, found by name, and ended", async () => {
    const { nodeId } = (await ray.nodes())[0]!;
    await using actor = await ray.actor({ source, className: "Counter", kwargs: { n: 5 }, options: { numCpus: 0.5, resources: { slot: 2 }, name: "one", lifetime: "detached", schedulingStrategy: { nodeId, soft: false } } });
    expect(await actor.call("add", [2])).toBe(7);
    expect(await ray.availableResources()).toMatchObject({ CPU: 3.5, slot: 8 });
    expect(await ray.listNamedActors({ allNamespaces: true })).toContainEqual({ name: "one", namespace: "jobs" });
    await using same = await ray.namedActor("one");
    expect(await same.call("add", [1])).toBe(8);
    await same.kill();
    await until("Ray has forgotten the name", async () => (await ray.namedActor("one").catch((error: unknown) => error)) instanceof RayActorNotFoundError);
    await expect(actor.call("add", [1])).rejects.toBeInstanceOf(RayActorDiedError);
  });

  test("an actor sees nothing of the driver's own package, or of the secret in it", async () => {
    await using actor = await ray.actor({ source: "import os\nclass Where:\n    def files(self): return os.listdir('.')", className: "Where", options: { numCpus: 0.1 } });
    expect(await actor.call("files")).not.toContain("settings.json");
  });

  test("what goes wrong over there comes as the same errors as over ray://", async () => {
    await using actor = await ray.actor({ source, className: "Counter", options: { numCpus: 0.1, name: "taken" } });
    const thrown = (await actor.call("boom").catch((error: unknown) => error)) as RayTaskError;
    expect(thrown).toBeInstanceOf(RayTaskError);
    expect(thrown).toMatchObject({ pythonType: "ValueError", message: expect.stringContaining("boom") as string, functionName: "Counter.boom", remoteTraceback: expect.stringContaining("in boom") as string });
    await expect(actor.call("nothing_like_it")).rejects.toBeInstanceOf(RayRequestError);
    await expect(ray.actor({ source, className: "Counter", options: { name: "taken" } })).rejects.toBeInstanceOf(RayActorNameTakenError);
    await expect(ray.namedActor("nobody")).rejects.toBeInstanceOf(RayActorNotFoundError);
    await expect(ray.actor({ source: "class Broken(: pass", className: "Broken" })).rejects.toBeInstanceOf(RayRequestError);
    await expect(actor.call("pid", [], { timeoutMs: 0 })).rejects.toMatchObject({ code: "SAGE_TIMEOUT" });
    await actor.call("die").catch(() => {});
    await expect(actor.call("add", [1])).rejects.toBeInstanceOf(RayActorDiedError);
  });

  test("calls to one actor run in order, and a call that waits keeps no other waiting", async () => {
    await using slow = await ray.actor({ source: "import time\nclass Slow:\n    def wait(self): time.sleep(600)", className: "Slow", options: { numCpus: 0.1 } });
    const waiting = slow.call("wait", [], { timeoutMs: Infinity }).catch((error: unknown) => error);
    await using actor = await ray.actor({ source, className: "Counter", options: { numCpus: 0.1 } });
    expect(await Promise.all(Array.from({ length: 50 }, () => actor.call("add", [1])))).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    await slow.kill();
    expect(await waiting).toBeInstanceOf(RayActorDiedError);
  });

  test("a session that is closed leaves neither actors that are not detached nor its job", async () => {
    const own = await open("closing");
    const actor = await own.actor({ source, className: "Counter", options: { numCpus: 0.1 } });
    const pid = (await actor.call("pid")) as number;
    await own.close();
    await expect(actor.call("pid")).rejects.toBeInstanceOf(RaySessionClosedError);
    expect(await driversOf("closing")).toEqual([]);
    const [left] = await until("the actor is dead", async () => {
      const dead = (await new RayDashboard(headOf().dashboard).actors({ state: "DEAD" })).filter((each) => each.pid === pid);
      return dead.length > 0 && dead;
    });
    expect(left!.className).toBe("Counter");
  });

  test("a driver that is cut off ends, the session says that it is lost, and the next one of its owner takes its place", async () => {
    const other = await startDriverServer();
    const own = await open("cut", other.door);
    const waiting = own.nodes().then(() => own.namedActor("nobody"));
    await expect(waiting).rejects.toBeInstanceOf(RayActorNotFoundError);
    await other[Symbol.asyncDispose]();
    expect(await own.ended).toBeInstanceOf(RaySessionLostError);
    await expect(own.nodes()).rejects.toBeInstanceOf(RaySessionLostError);
    await until("its job is over", async () => (await driversOf("cut")).every(({ status }) => status === "SUCCEEDED"));
    const next = await open("cut");
    const [running, ...more] = (await driversOf("cut")).filter(({ status }) => !isOver(status));
    expect(more).toEqual([]);
    await new RayDashboard(headOf().dashboard).jobs.stop(running!.submissionId);
    expect(await next.ended).toBeInstanceOf(RaySessionLostError);
    await next.close();
    expect((await driversOf("cut")).filter(({ status }) => !isOver(status))).toEqual([]);
  });

  test("a driver that cannot dial us says so, with what to open", async () => {
    const [port] = await freePorts(1);
    await using closed = await startDriverServer({ target: `127.0.0.1:${port}` });
    const error = (await open("dial", closed.door).catch((thrown: unknown) => thrown)) as RayDriverFailedError;
    expect(error).toBeInstanceOf(RayDriverFailedError);
    expect(error.message).toMatch(new RegExp(`did not come up: \\S+ does not reach 127.0.0.1:${port}$`));
    expect(error.hint).toContain("--workers-port");
    expect(await driversOf("dial")).toEqual([]);
  }, 60_000);

  test("nobody at the dashboard's address is said as that", async () => {
    const [port] = await freePorts(1);
    await expect(connectRayJob(`http://127.0.0.1:${port}`, { door: server.door, owner: "x", namespace: "jobs" })).rejects.toMatchObject({ code: "SAGE_RAY_UNREACHABLE", message: expect.stringContaining("Ray's dashboard at") as string });
    await expect(connectRayJob(`http://127.0.0.1:${port}`, { door: server.door, owner: "x", namespace: "jobs" })).rejects.toBeInstanceOf(RayUnreachableError);
  });

  test("who comes in without the secret, or with nonsense, is refused", async () => {
    for (const hello of ["", "{}", "nonsense", JSON.stringify({ hello: "0".repeat(16), nonce: "00", proof: "0".repeat(64) })]) {
      const frames = (async function* () { yield hello; })();
      await expect(server.door.attach({ frames, send: async () => { throw new Error("it was answered"); } })).rejects.toMatchObject({ code: "SAGE_RAY_DRIVER_REFUSED" });
    }
    using expected = server.door.expect();
    const frames = (async function* () { yield JSON.stringify({ hello: expected.id, nonce: "00", proof: "0".repeat(64) }); })();
    await expect(server.door.attach({ frames, send: async () => { throw new Error("it was answered"); } })).rejects.toMatchObject({ code: "SAGE_RAY_DRIVER_REFUSED" });
    const socket = connect(server.port, "127.0.0.1");
    socket.end("nonsense");
    await once(socket.resume(), "close");
    expect((await ray.nodes()).length).toBe(1);
  });

  describe("worker hosts", () => { workerHostSuite(headOf, (_, namespace) => connectRayJob(headOf().dashboard, { door: server.door, owner: `hosts-${randomBytes(4).toString("hex")}`, namespace })); });
}
