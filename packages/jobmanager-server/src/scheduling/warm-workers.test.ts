import { deferred, type Clock, type Logger } from "@sage/core";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { processDriver } from "./drivers/process-driver.ts";
import { withWarmWorkers } from "./warm-workers.ts";
import type { PreparedWorker, WorkerDriver, WorkerHandle, WorkerSpec } from "./worker-driver.ts";

const warnings: string[] = [];
const logger = { info() {}, debug() {}, error() {}, warn: (text: string) => void warnings.push(text) } as unknown as Logger;
const { signal } = new AbortController();
const boot = { jobId: "j", attempt: 1, workerIndex: 0, workerId: "w", daemonAddress: "", secretHex: "", gracePeriodMs: 1, outlivesDaemon: false } as WorkerSpec["boot"];
const spec = (more: Partial<WorkerSpec> = {}): WorkerSpec => ({ boot, env: {}, baseDir: "", onOutput: () => undefined, ...more });

/** A clock whose sleeps end when the test says so. */
class Sleeps {
  waiting: (() => void)[] = [];
  readonly clock = { sleep: (_ms: number, over: AbortSignal) => new Promise<void>((resolve, reject) => {
    this.waiting.push(resolve);
    over.addEventListener("abort", () => reject(over.reason));
  }) } as unknown as Clock;
  wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

interface Fake extends PreparedWorker {
  hasEnded: boolean;
  isDiscarded: boolean;
}

function fakeDriver({ fails = false } = {}) {
  const prepared: Fake[] = [];
  const handle = (how: string) => ({ host: how }) as WorkerHandle;
  const driver: WorkerDriver = {
    name: "fake",
    start: async () => handle("cold"),
    async prepare() {
      if (fails) throw new Error("no room");
      const fake: Fake = { hasEnded: false, isDiscarded: false, canTake: ({ env }) => !fake.hasEnded && env["COLD"] === undefined, give: () => handle("warm"), discard: async () => { fake.isDiscarded = true; } };
      prepared.push(fake);
      return fake;
    },
  };
  return { driver, prepared };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("a driver that keeps workers waiting", () => {
  test("gives a job one that waits, and prepares the next when starts have calmed down", async () => {
    const { driver, prepared } = fakeDriver();
    const sleeps = new Sleeps();
    const warm = withWarmWorkers(driver, { count: 1, clock: sleeps.clock, logger });
    await settled();
    expect((await warm.start(spec(), signal)).host).toBe("warm");
    expect((await warm.start(spec(), signal)).host).toBe("cold");
    expect(prepared).toHaveLength(1);
    sleeps.wake();
    await settled();
    expect(prepared).toHaveLength(2);
    expect((await warm.start(spec(), signal)).host).toBe("warm");
  });

  test("starts one as ever for a job that no waiting worker can take, and where preparing fails", async () => {
    const { driver } = fakeDriver();
    const warm = withWarmWorkers(driver, { count: 1, clock: new Sleeps().clock, logger });
    await settled();
    expect((await warm.start(spec({ env: { COLD: "1" } }), signal)).host).toBe("cold");
    const none = withWarmWorkers(fakeDriver({ fails: true }).driver, { count: 1, clock: new Sleeps().clock, logger });
    await settled();
    expect((await none.start(spec(), signal)).host).toBe("cold");
    expect(warnings).toEqual(["no worker could be started ahead of its job"]);
  });

  test("replaces one that has ended only behind the next start", async () => {
    const { driver, prepared } = fakeDriver();
    const sleeps = new Sleeps();
    const warm = withWarmWorkers(driver, { count: 1, clock: sleeps.clock, logger });
    await settled();
    prepared[0]!.hasEnded = true;
    sleeps.wake();
    await settled();
    expect(prepared).toHaveLength(1);
    expect((await warm.start(spec(), signal)).host).toBe("cold");
    sleeps.wake();
    await settled();
    expect(prepared).toHaveLength(2);
  });

  test("ends those that wait when it is closed", async () => {
    const { driver, prepared } = fakeDriver();
    const warm = withWarmWorkers(driver, { count: 2, clock: new Sleeps().clock, logger });
    await settled();
    await warm[Symbol.asyncDispose]!();
    expect(prepared.map(({ isDiscarded }) => isDiscarded)).toEqual([true, true]);
  });

  test("is the driver itself where none are asked for", () => {
    const { driver } = fakeDriver();
    expect(withWarmWorkers(driver, { count: 0, clock: new Sleeps().clock, logger })).toBe(driver);
  });
});

describe("a process that was started ahead of its job", () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  test("learns the job's environment and folder with its first line, and is gone with its own folder when nobody needs it", async () => {
    const dir = await realpath(await mkdtemp(join(tmpdir(), "sage-warm-")));
    folders.push(dir);
    const entry = join(dir, "echo.mjs");
    await writeFile(entry, "process.stdin.once('data', (line) => { console.log(String(line).trim()); process.exit(0); });");
    const driver = processDriver({ entry, tempDir: join(dir, "tmp") });
    const [used, unused] = [await driver.prepare!(), await driver.prepare!()];
    const said = deferred<{ env: object; baseDir: string; tempDir: string }>();
    const handle = used.give(spec({ env: { COLOUR: "red", PATH: "/evil" }, baseDir: dir, onOutput: (_stream, line) => { said.resolve(JSON.parse(line)); return undefined; } }));
    expect(await said.promise).toMatchObject({ env: { COLOUR: "red" }, baseDir: dir });
    expect((await said.promise).env).not.toHaveProperty("PATH");
    expect(await handle.gone).toEqual({ code: 0, signal: null });
    expect(used.hasEnded).toBe(true);
    await unused.discard();
    expect(unused.canTake(spec())).toBe(false);
  });

  test("does not take what must be there when a process starts", async () => {
    const dir = await mkdtemp(join(tmpdir(), "sage-warm-"));
    folders.push(dir);
    const entry = join(dir, "wait.mjs");
    await writeFile(entry, "process.stdin.resume();");
    const waiting = await processDriver({ entry, tempDir: join(dir, "tmp") }).prepare!();
    expect(waiting.canTake(spec({ env: { NODE_ENV: "production" } }))).toBe(true);
    expect(waiting.canTake(spec({ env: { NODE_DEBUG: "net" } }))).toBe(false);
    expect(waiting.canTake(spec({ env: { LARGE: "x".repeat(40_000) } }))).toBe(false);
    await waiting.discard();
  });
});
