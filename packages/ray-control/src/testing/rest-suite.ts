// The dashboard's REST and websocket, the same for every version of Ray.

import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { connectRay, isOver, packageOf, RayDashboard, RayRestError, RayUnreachableError } from "../index.ts";
import { source } from "./python-source.ts";
import { freePorts, type RayHead } from "./ray-head.ts";
import { until } from "./until.ts";

export function restSuite(headOf: () => RayHead): void {
  let dashboard: RayDashboard;

  beforeAll(() => {
    dashboard = new RayDashboard(headOf().dashboard);
  });

  test("tells version, health and nodes", async () => {
    expect(await dashboard.version()).toMatchObject({ rayVersion: headOf().version, sessionName: expect.stringMatching(/^(session_.*)?$/) as string });
    expect(await dashboard.isHealthy()).toBe(true);
    expect(await dashboard.nodes()).toMatchObject([{ isAlive: true, isHead: true, resources: { CPU: 4, slot: 10 }, stateMessage: "" }]);
    await until("the autoscaler has reported", async () => (await dashboard.clusterStatus()).includes("CPU"));
  });

  test("nobody there is said as that", async () => {
    const [port] = await freePorts(1);
    await expect(new RayDashboard(`http://127.0.0.1:${port}`).version()).rejects.toBeInstanceOf(RayUnreachableError);
  });

  test("tells actors, and what they died of", async () => {
    await using ray = await connectRay(headOf().address, { namespace: "rest" });
    const actor = await ray.actor({ source, className: "Counter", options: { numCpus: 0.1, name: "mortal" } });
    const pid = await actor.call("pid");
    expect(await dashboard.actors({ actorId: actor.id })).toMatchObject([{ state: "ALIVE", className: "Counter", name: "mortal", namespace: "rest", pid, isDetached: false, deathCause: "" }]);
    await actor.call("die").catch(() => {});
    const [dead] = await until("it is dead", async () => {
      const found = await dashboard.actors({ actorId: actor.id, state: "DEAD" });
      return found.length > 0 && found;
    });
    expect(dead!.deathCause).toMatch(/died|exit/i);
    expect(await dashboard.actors({ actorId: "00".repeat(16) })).toEqual([]);
  });

  describe("jobs", () => {
    test("run in their package, and their log is followed to its end", async () => {
      const { zip, uri } = packageOf({ "hello.py": "import os, sys, time\nfor i in range(3):\n    print('line', i, os.environ['CITY'], flush=True)\n    time.sleep(0.3)\nsys.exit(3)\n" });
      expect(await dashboard.uploadPackage(zip)).toBe(uri);
      expect(await dashboard.hasPackage(uri)).toBe(true);
      expect(await dashboard.hasPackage("gcs://_ray_pkg_ffffffffffffffff.zip")).toBe(false);
      const wanted = `sage-test-${randomUUID()}`;
      const id = await dashboard.jobs.submit({ entrypoint: "python3 hello.py", runtimeEnv: { working_dir: uri, env_vars: { CITY: "Bern" } }, metadata: { who: "test" }, submissionId: wanted });
      expect(id).toBe(wanted);
      let log = "";
      for await (const piece of dashboard.jobs.follow(id)) log += piece;
      expect(log).toContain("line 0 Bern\nline 1 Bern\nline 2 Bern\n");
      const job = await until("it is over", async () => {
        const seen = await dashboard.jobs.get(id);
        return isOver(seen.status) && seen;
      });
      expect(job).toMatchObject({ submissionId: id, status: "FAILED", exitCode: 3, metadata: { who: "test" }, entrypoint: "python3 hello.py" });
      expect(job.endedAtMs).toBeGreaterThan(job.startedAtMs!);
      expect(await dashboard.jobs.logs(id)).toContain("line 2 Bern");
      expect((await dashboard.jobs.list()).map(({ submissionId }) => submissionId)).toContain(id);
      await expect(dashboard.jobs.submit({ entrypoint: "true", submissionId: id })).rejects.toBeInstanceOf(RayRestError);
      expect(await dashboard.jobs.delete(id)).toBe(true);
    });

    test("stop when they are told to, and following ends by the signal", async () => {
      const id = await dashboard.jobs.submit({ entrypoint: "echo ready; sleep 600" });
      await until("it runs", async () => (await dashboard.jobs.get(id)).status === "RUNNING");
      const stop = new AbortController();
      const following = (async () => {
        for await (const piece of dashboard.jobs.follow(id, { signal: stop.signal })) if (piece.includes("ready")) stop.abort(new Error("seen"));
      })();
      await expect(following).rejects.toThrow("seen");
      await expect(dashboard.jobs.delete(id)).rejects.toBeInstanceOf(RayRestError);
      expect(await dashboard.jobs.stop(id)).toBe(true);
      await until("it has stopped", async () => (await dashboard.jobs.get(id)).status === "STOPPED");
    });

    test("that do not exist are not found", async () => {
      await expect(dashboard.jobs.get("no-such-job")).rejects.toMatchObject({ code: "SAGE_RAY_NOT_FOUND", status: 404 });
      await expect((async () => { for await (const _ of dashboard.jobs.follow("no-such-job")); })()).rejects.toBeInstanceOf(Error);
    });
  });
}
