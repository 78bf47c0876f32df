// What a session can do, the same for every version of Ray.

import { TimeoutError } from "@sage/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ActorHandle, connectRay, ObjectRef, packageOf, RayActorDiedError, RayActorNameTakenError, RayActorNotFoundError, RayDashboard, RayError, RayInitError,
  RayObjectTooLargeError, RayRequestError, RaySessionClosedError, RayTaskCancelledError, RayTaskError, RayUnreachableError, RayUnschedulableError, type RaySession,
} from "../index.ts";
import { source } from "./python-source.ts";
import { freePorts, type RayHead } from "./ray-head.ts";
import { until } from "./until.ts";

const counter = { source, className: "Counter", options: { numCpus: 0.1 } } as const;

export function sessionSuite(headOf: () => RayHead): void {
  let ray: RaySession;

  beforeAll(async () => {
    ray = await connectRay(headOf().address, { namespace: "tests" });
  });
  afterAll(async () => {
    await ray?.close();
  });

  test("a session knows its server, and is closed once and for all", async () => {
    expect(ray.server.rayVersion).toBe(headOf().version);
    await using other = await connectRay(headOf().address);
    await other.close();
    await other.close();
    expect(await other.ended).toBeInstanceOf(RaySessionClosedError);
    await expect(other.put(1)).rejects.toBeInstanceOf(RaySessionClosedError);
    await expect(other.nodes()).rejects.toBeInstanceOf(RaySessionClosedError);
  });

  test("nobody there is said as that", async () => {
    const [port] = await freePorts(1);
    const error = await connectRay(`ray://127.0.0.1:${port}`).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RayUnreachableError);
    expect((error as RayUnreachableError).hint).toContain("10001");
  });

  test("a runtime environment that cannot be made is an error of connecting, with Python's traceback", async () => {
    const error = await connectRay(headOf().address, { runtimeEnv: { working_dir: "gcs://_ray_pkg_0000000000000000.zip" } }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RayInitError);
    expect((error as RayInitError).remoteTraceback).toContain("_ray_pkg_0000000000000000");
  });

  describe("values", () => {
    test("go to Python and come back as they were", async () => {
      await using actor = await ray.actor(counter);
      const values = [null, true, -7, 2 ** 40, 2n ** 70n, 0.5, "ä😀\ud800", Buffer.from([0, 255]), [1, [2]], { a: { b: 1 } }, new Map<unknown, unknown>([[1, "one"], ["a", 2]])];
      expect(await actor.call("echo", values, { kwargs: { named: "yes" } })).toEqual([values, { named: "yes" }]);
    });

    test("of every kind are read", async () => {
      await using actor = await ray.actor(counter);
      expect(await actor.call("kinds")).toEqual([
        null, true, 7, 2n ** 70n, 0.5, "ä😀", Buffer.from([0, 255]), [1, [2]], [1, [2]], { a: { b: 1 } }, new Map([[1, "one"]]), new Set([3]), Buffer.from("x"),
      ]);
    });

    test("of many megabytes go both ways, in parts", async () => {
      const large = Buffer.alloc(12 * 2 ** 20 + 17, "sage");
      await using ref = await ray.put(large);
      expect(large.equals((await ray.get(ref)) as Buffer)).toBe(true);
      expect(await ray.call({ source, functionName: "size" }, large)).toBe(large.length);
      await using small = await connectRay(headOf().address, { maxObjectBytes: 1_000_000 });
      await using there = await small.put(large);
      await expect(small.get(there)).rejects.toBeInstanceOf(RayObjectTooLargeError);
      expect(await small.call({ source, functionName: "double" }, 4)).toBe(8);
    });

    test("by reference are resolved as arguments, stay references inside others, and come back as such", async () => {
      await using actor = await ray.actor(counter, 5);
      await using ref = await ray.put({ hello: 1 });
      const [[resolved, [nested]]] = (await actor.call("echo", [ref, [ref]])) as [[unknown, [ObjectRef]]];
      expect(resolved).toEqual({ hello: 1 });
      expect(nested).toBeInstanceOf(ObjectRef);
      expect(await ray.get(nested)).toEqual({ hello: 1 });
      const [made] = (await ray.call({ source, functionName: "make_ref" }, "inner")) as [ObjectRef];
      expect(await ray.get(made)).toBe("inner");
      expect(await ray.call({ source, functionName: "call_add" }, actor, 2)).toBe(7);
      const [[same]] = (await actor.call("echo", [actor])) as [[ActorHandle]];
      expect(same.id).toBe(actor.id);
      expect(await same.call("add")).toBe(8);
    });

    test("are waited for: some, all, or until one fails", async () => {
      const refs = await Promise.all([0, 60].map((seconds) => ray.submit({ source, functionName: "sleep", options: { numCpus: 0.1 } }, seconds)));
      const { ready, pending } = await ray.wait(refs);
      expect([ready, pending]).toEqual([[refs[0]], [refs[1]]]);
      expect((await ray.wait(refs, { count: 2, timeoutMs: 100 })).pending).toEqual([refs[1]]);
      await ray.cancel(refs[1]!, { force: true });
      await expect(ray.get(refs[1]!)).rejects.toBeInstanceOf(RayError);
      const doubled = await Promise.all([1, 2, 3].map((n) => ray.submit({ source, functionName: "double", options: { numCpus: 0.1 } }, n)));
      expect(await ray.getAll(doubled)).toEqual([2, 4, 6]);
      const failing = await ray.submit({ source, functionName: "fail" }, "one of many");
      await expect(ray.getAll([...doubled, failing])).rejects.toMatchObject({ code: "SAGE_RAY_TASK_FAILED", pythonType: "CustomError" });
    });
  });

  describe("errors", () => {
    test("of a method have the class, the message and the traceback of what it threw", async () => {
      await using actor = await ray.actor(counter);
      const error = (await actor.call("boom").catch((thrown: unknown) => thrown)) as RayTaskError;
      expect(error).toBeInstanceOf(RayTaskError);
      expect(error).toMatchObject({ code: "SAGE_RAY_TASK_FAILED", fault: "user", pythonType: "ValueError", message: expect.stringMatching(/threw ValueError: boom\nand a second line$/) as string });
      expect(error.remoteTraceback).toMatch(/File "<sage_[0-9a-f]+>", line \d+, in boom/);
    });

    test("of a class of one's own, and of what cannot be pickled, are told too", async () => {
      await expect(ray.call({ source, functionName: "fail" }, "mine")).rejects.toMatchObject({ pythonType: "CustomError", message: expect.stringContaining("mine") as string });
      await using actor = await ray.actor(counter);
      await expect(actor.call("unpicklable")).rejects.toMatchObject({ code: "SAGE_RAY_TASK_FAILED", message: expect.stringMatching(/pickle/) as string });
    });

    test("of a constructor come with the first call", async () => {
      await using actor = await ray.actor({ ...counter, kwargs: { fail: "no such thing" } });
      const error = (await actor.call("add").catch((thrown: unknown) => thrown)) as RayActorDiedError;
      expect(error).toBeInstanceOf(RayActorDiedError);
      expect(error.remoteTraceback).toContain("RuntimeError: no such thing");
    });

    test("of requests that do not fit name what does not", async () => {
      await using actor = await ray.actor(counter);
      await expect(actor.call("nope")).rejects.toMatchObject({ code: "SAGE_RAY_REQUEST_REFUSED", pythonType: "AttributeError" });
      await expect(actor.call("add", [1, 2, 3])).rejects.toMatchObject({ code: "SAGE_RAY_REQUEST_REFUSED", pythonType: "TypeError" });
      await expect(ray.actor({ module: "no_such_module", className: "X" })).rejects.toMatchObject({ code: "SAGE_RAY_REQUEST_REFUSED", pythonType: "ModuleNotFoundError" });
      await expect(ray.actor({ source: "class X: pass", className: "Y" })).rejects.toBeInstanceOf(RayRequestError);
      await expect(ray.actor({ ...counter, options: { maxRestarts: -5 } })).rejects.toBeInstanceOf(RayRequestError);
    });

    test("of names say whether there is one actor too many or too few", async () => {
      await using first = await ray.actor({ ...counter, options: { numCpus: 0.1, name: "only" } });
      await expect(ray.actor({ ...counter, options: { numCpus: 0.1, name: "only" } })).rejects.toBeInstanceOf(RayActorNameTakenError);
      await expect(ray.namedActor("nobody")).rejects.toBeInstanceOf(RayActorNotFoundError);
      await using same = await ray.actor({ ...counter, options: { numCpus: 0.1, name: "only", getIfExists: true } });
      expect(same.id).toBe(first.id);
    });

    test("of a killed actor say so", async () => {
      await using actor = await ray.actor(counter);
      await actor.call("add");
      await actor.kill();
      await expect(actor.call("add")).rejects.toBeInstanceOf(RayActorDiedError);
    });
  });

  describe("actors", () => {
    test("get the resources, the environment and the namespace that they ask for", async () => {
      await using actor = await ray.actor({ ...counter, options: { numCpus: 0.5, resources: { slot: 1 }, memoryBytes: 50_000_000, runtimeEnv: { env_vars: { CITY: "Bern" } }, schedulingStrategy: "SPREAD" } });
      expect(await actor.call("place")).toMatchObject({ resources: { CPU: 0.5, slot: 1, memory: 50_000_000 }, namespace: "tests" });
      expect(await actor.call("env", ["CITY"])).toBe("Bern");
    });

    test("get GPUs and the kind of them, threads by groups, and a node by its labels", async () => {
      const gpu = { ...counter, options: { numCpus: 0.1, numGpus: 0.5, acceleratorType: "T4" } } as const;
      await using actor = await ray.actor(gpu);
      expect(await actor.call("place")).toMatchObject({ resources: { GPU: 0.5, "accelerator_type:T4": 0.001 } });
      await using grouped = await ray.actor({ ...counter, options: { numCpus: 0.1, concurrencyGroups: { two: 2 } } });
      const both = [1, 2].map(() => grouped.call("meet", [], { options: { concurrencyGroup: "two", name: "a meeting" } }));
      expect(await Promise.all(both)).toEqual(["met", "met"]);
      const [major, minor] = headOf().version.split(".").map(Number) as [number, number];
      const labelled = ray.actor({ ...counter, options: { numCpus: 0.1, labelSelector: { zone: "test" } } });
      if (major === 2 && minor < 49) return await expect(labelled).rejects.toBeInstanceOf(RayRequestError);
      await using chosen = await labelled;
      expect(await chosen.call("add")).toBe(1);
    });

    test("come from a module of the cluster as well", async () => {
      await using actor = await ray.actor({ module: "shlex", className: "shlex", options: { numCpus: 0.1 } }, "alpha beta");
      expect([await actor.call("get_token"), await actor.call("get_token")]).toEqual(["alpha", "beta"]);
    });

    test("go to the node that they are given, and say so when there is none", async () => {
      const [node] = await ray.nodes();
      await using actor = await ray.actor({ ...counter, options: { numCpus: 0.1, schedulingStrategy: { nodeId: node!.nodeId, soft: false } } });
      expect(await actor.call("place")).toMatchObject({ node: node!.nodeId });
      await using lost = await ray.actor({ ...counter, options: { numCpus: 0.1, schedulingStrategy: { nodeId: "ab".repeat(28), soft: false } } });
      await expect(lost.call("add")).rejects.toBeInstanceOf(RayUnschedulableError);
    });

    test("run calls at once when they may, in order when not", async () => {
      await using wide = await ray.actor({ ...counter, options: { numCpus: 0.1, maxConcurrency: 2 } });
      expect(await Promise.all([wide.call("meet"), wide.call("meet")])).toEqual(["met", "met"]);
      await using narrow = await ray.actor(counter);
      const refs = await Promise.all(Array.from({ length: 200 }, () => narrow.submit("add")));
      expect(await ray.getAll(refs)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    });

    test("return several objects where they say so", async () => {
      await using actor = await ray.actor(counter);
      const refs = await actor.submitMany("two", [], { options: { numReturns: 2 } });
      expect(await ray.getAll(refs)).toEqual(["one", "two"]);
      expect(await ray.getAll(await ray.submitMany({ source, functionName: "two", options: { numReturns: 2 } }))).toEqual([1, 2]);
    });

    test("start again as often as they may, with their calls", async () => {
      await using actor = await ray.actor({ ...counter, options: { numCpus: 0.1, maxRestarts: 1, maxTaskRetries: 1 } }, 10);
      const pid = (await actor.call("pid")) as number;
      process.kill(pid, "SIGKILL");
      expect(await actor.call("add")).toBe(11);
      expect(await actor.call("pid")).not.toBe(pid);
      expect(await actor.call("place")).toMatchObject({ restarted: true });
    });

    test("take no more waiting calls than they say", async () => {
      await using actor = await ray.actor({ ...counter, options: { numCpus: 0.1, maxPendingCalls: 1 } });
      await actor.call("add");
      const calls = Promise.allSettled(Array.from({ length: 20 }, () => actor.call("sleep", [0.2])));
      const refused = (await calls).filter((each) => each.status === "rejected").map((each) => each.reason as RayError);
      expect(refused.length).toBeGreaterThan(0);
      expect(refused[0]!.pythonType).toBe("PendingCallsLimitExceeded");
    });

    test("end with the last handle, and their cause of death is told", async () => {
      const dashboard = new RayDashboard(headOf().dashboard);
      const actor = await ray.actor(counter);
      await actor.call("add");
      actor.release();
      const dead = await until("the actor is dead", async () => (await dashboard.actors({ actorId: actor.id })).find(({ state }) => state === "DEAD"));
      expect(dead.deathCause).not.toBe("");
    });

    test("that are detached outlive the session, and are found by name", async () => {
      const first = await connectRay(headOf().address, { namespace: "kept" });
      await using made = await first.actor({ ...counter, options: { numCpus: 0.1, name: "detached", lifetime: "detached" } }, 41);
      await made.call("add");
      await first.close();
      await using second = await connectRay(headOf().address, { namespace: "another" });
      await using found = await second.namedActor("detached", { namespace: "kept" });
      expect(await found.call("add")).toBe(43);
      expect(await second.listNamedActors({ allNamespaces: true })).toContainEqual({ name: "detached", namespace: "kept" });
      await found.kill();
      await until("its name is gone", async () => !(await second.listNamedActors({ allNamespaces: true })).some(({ name }) => name === "detached"));
    });

    test("fit into a placement group", async () => {
      await using group = await ray.placementGroup({ bundles: [{ CPU: 0.5 }, { CPU: 0.5 }] });
      expect(await group.isReady()).toBe(true);
      await using actor = await ray.actor({ ...counter, options: { numCpus: 0.5, schedulingStrategy: { placementGroup: group, bundleIndex: 1 } } });
      expect(await actor.call("add")).toBe(1);
      await using impossible = await ray.placementGroup({ bundles: [{ CPU: 1_000 }] });
      expect(await impossible.isReady({ waitMs: 100 })).toBe(false);
    });
  });

  describe("tasks", () => {
    test("that throw are repeated where they say so", async () => {
      const file = `/tmp/sage-retry-${process.pid}-${headOf().clientPort}`;
      const source = "import os\ndef second(path):\n    if os.path.exists(path):\n        os.remove(path)\n        return 'second'\n    open(path, 'w').close()\n    raise ValueError('first')";
      expect(await ray.call({ source, functionName: "second", options: { numCpus: 0.1, maxRetries: 1, retryExceptions: true } }, file)).toBe("second");
      await expect(ray.call({ source, functionName: "second", options: { numCpus: 0.1, maxRetries: 1 } }, file)).rejects.toBeInstanceOf(RayTaskError);
      expect(await ray.call({ source, functionName: "second", options: { numCpus: 0.1 } }, file)).toBe("second");
    });

    test("run, and are cancelled", async () => {
      expect(await ray.call({ source, functionName: "double" }, "ab")).toBe("abab");
      await using ref = await ray.submit({ source, functionName: "sleep", options: { maxRetries: 0 } }, 600);
      await ray.cancel(ref);
      await expect(ray.get(ref)).rejects.toBeInstanceOf(RayTaskCancelledError);
    });

    test("find the files of a package, uploaded through the session", async () => {
      const { zip, uri } = packageOf({ "data/hello.txt": "from Node\n", "code.py": "x = 1\n" });
      expect(await ray.kv.uploadPackage(zip)).toBe(uri);
      expect(await ray.kv.uploadPackage(zip)).toBe(uri);
      expect(await ray.call({ source, functionName: "read_file", options: { runtimeEnv: { working_dir: uri } } }, "data/hello.txt")).toBe("from Node\n");
    });
  });

  test("waiting ends by signal or time, and the session goes on", async () => {
    await using actor = await ray.actor({ ...counter, options: { numCpus: 1_000 } }); // no node has so many
    await expect(actor.call("add", [], { timeoutMs: 200 })).rejects.toBeInstanceOf(TimeoutError);
    const stop = new AbortController();
    const waiting = actor.call("add", [], { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(ray.put(1, { signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow("too late");
    expect(await ray.call({ source, functionName: "double" }, 4)).toBe(8);
  });

  test("the cluster tells its nodes, resources and context", async () => {
    const nodes = await ray.nodes();
    expect(nodes).toMatchObject([{ isAlive: true, isHead: true, resources: { CPU: 4, slot: 10 }, labels: { zone: "test" } }]);
    expect(await ray.clusterResources()).toMatchObject({ CPU: 4, slot: 10 });
    expect((await ray.availableResources())["CPU"]).toBeGreaterThan(0);
    expect(await ray.runtimeContext()).toMatchObject({ nodeId: nodes[0]!.nodeId, namespace: "tests" });
    expect(`http://${await ray.dashboardUrl()}`).toBe(headOf().dashboard);
  });

  test("the key-value store keeps, lists and forgets", async () => {
    expect(await ray.kv.get("sage/none")).toBeUndefined();
    expect(await ray.kv.put("sage/a", Buffer.from("1"), { namespace: "t" })).toBe(false);
    expect(await ray.kv.put("sage/a", Buffer.from("2"), { namespace: "t", overwrite: false })).toBe(true);
    expect(String(await ray.kv.get("sage/a", { namespace: "t" }))).toBe("1");
    expect(await ray.kv.list("sage/", { namespace: "t" })).toEqual(["sage/a"]);
    expect(await ray.kv.has("sage/a")).toBe(false);
    expect(await ray.kv.delete("sage/a", { namespace: "t" })).toBe(1);
  });

  test("what workers print is heard", async () => {
    const heard = (async () => {
      for await (const line of ray.logs()) if (line.text.includes("hear me")) return line;
      return undefined;
    })();
    await using actor = await ray.actor(counter);
    await until("the line arrives", async () => {
      await actor.call("say", ["can you hear me?"]);
      return Promise.race([heard.then(() => true), new Promise<false>((resolve) => { setTimeout(() => resolve(false), 200); })]);
    });
    expect(await heard).toMatchObject({ stream: "stdout", text: expect.stringMatching(/^\(Counter pid=\d+\) can you hear me\?$/) as string });
  });
}
