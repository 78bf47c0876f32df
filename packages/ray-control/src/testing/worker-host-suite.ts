// Child processes on the cluster: they start, are watched, and leave nothing.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connectRay, findWorkerHost, RayActorDiedError, startWorkerHost, type RayControl, type WorkerHost } from "../index.ts";
import type { RayHead } from "./ray-head.ts";
import { isRunning, until } from "./until.ts";

const node = (code: string) => [process.execPath, "-e", code];
/** Says who it and its own child are, and ends by neither signal nor the end of stdin. */
const stubborn = node(`
  for (const name of ["SIGTERM", "SIGHUP", "SIGINT"]) process.on(name, () => {});
  const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
  console.log(process.pid + " " + child.pid);
  setInterval(() => {}, 1000);
`);
const options = { numCpus: 0.1 } as const;

type Connect = (head: RayHead, namespace: string) => Promise<RayControl>;

/** @param connect - either way to a cluster; default: a session over ray://. */
export function workerHostSuite(headOf: () => RayHead, connect: Connect = (head, namespace) => connectRay(head.address, { namespace })): void {
  let ray: RayControl;

  beforeAll(async () => {
    ray = await connect(headOf(), "hosts");
  });
  afterAll(async () => {
    await ray?.close();
  });

  const pidsOf = async (host: WorkerHost) => until("the child has said its pids", async () => {
    const [line] = (await host.output()).lines;
    return line?.split(" ").map(Number);
  });
  const allGone = async (pids: readonly number[]) => {
    for (const pid of pids) await until(`${pid} is gone`, async () => !(await isRunning(pid)));
  };

  test("its own tests pass in the cluster's Python", async () => {
    const file = fileURLToPath(new URL("../worker-host-test.py", import.meta.url));
    const { stderr } = await promisify(execFile)(`${headOf().venv}/bin/python`, [file]);
    expect(stderr).toMatch(/Ran \d+ tests[^]*OK/);
  });

  test("exit code and last lines of output come back", async () => {
    await using host = await startWorkerHost(ray, { argv: node("process.stdin.once('data', (d) => { console.log('got ' + d); console.error(process.env.CITY, Object.keys(process.env).filter((k) => /^RAY_/.test(k)).length); process.exit(7); })"), stdin: "boot\n", env: { CITY: "Bern" }, options });
    expect(await host.info()).toMatchObject({ isRestarted: false, nodeId: (await ray.nodes())[0]!.nodeId });
    expect(await host.exited()).toEqual({ code: 7, signal: null });
    expect((await host.output()).lines).toEqual(["got boot", "", "Bern 0"]);
  });

  test("a child that will not end is ended, with what it has started", async () => {
    await using host = await startWorkerHost(ray, { argv: stubborn, options });
    const pids = await pidsOf(host);
    expect(await host.stop({ graceMs: 100 })).toEqual({ code: null, signal: "SIGKILL" });
    await allGone(pids);
  });

  test("killing the actor, killing its worker, and releasing it all end the child and what it has started", async () => {
    const ends: readonly ((host: WorkerHost, hostPid: number) => Promise<void> | void)[] = [
      (host) => host.kill(),
      (_host, hostPid) => void process.kill(hostPid, "SIGKILL"),
      (host) => host[Symbol.asyncDispose](),
    ];
    for (const end of ends) {
      const host = await startWorkerHost(ray, { argv: stubborn, options });
      const pids = await pidsOf(host);
      await end(host, (await host.info()).hostPid);
      await allGone(pids);
    }
  });

  test("an actor that may restart starts its child again", async () => {
    await using host = await startWorkerHost(ray, { argv: stubborn, options: { ...options, maxRestarts: 1, maxTaskRetries: -1 } });
    const before = await host.info();
    process.kill(before.hostPid, "SIGKILL");
    const after = await host.info();
    expect(after.isRestarted).toBe(true);
    expect(await isRunning(after.childPid)).toBe(true);
    await allGone([before.childPid]);
    await host.kill();
    await allGone([after.childPid]);
  });

  test("a program that is not there is told with the first call", async () => {
    await using host = await startWorkerHost(ray, { argv: ["/no/such/program"], options });
    const error = (await host.info().catch((thrown: unknown) => thrown)) as RayActorDiedError;
    expect(error).toBeInstanceOf(RayActorDiedError);
    expect(error.remoteTraceback).toContain("No such file or directory: '/no/such/program'");
  });

  test("a detached one outlives its session, and is found by name", async () => {
    const first = await connect(headOf(), "hosts");
    const made = await startWorkerHost(first, { argv: stubborn, options: { ...options, name: "job-1-slot-0-attempt-1", lifetime: "detached" } });
    const pids = await pidsOf(made);
    await first.close();
    await using found = await findWorkerHost(ray, "job-1-slot-0-attempt-1");
    expect(await pidsOf(found)).toEqual(pids);
    await found.kill();
    await allGone(pids);
  });
}
