import { expect, test, vi } from "vitest";
import { deferred } from "@sage/core";
import { BatchFunction, LocalEnvironment, MapFunction, RemoteEnvironment, ServiceFunction, environment, type JobProgress, type RunningJob } from "./index.ts";
import { runToArray } from "./testing.ts";

class Count extends BatchFunction<number> {
  #next = 0;
  readonly #limit: number;
  constructor(options: { limit: number }) {
    super();
    this.#limit = options.limit;
  }
  execute(): number | null {
    return this.#next < this.#limit ? this.#next++ : null;
  }
}

class Double extends MapFunction<number, number> {
  execute(value: number): number {
    return value * 2;
  }
}

test("a pipeline runs in this process and tells what its operators did", async () => {
  await using env = new LocalEnvironment("doubles");
  const seen: number[] = [];
  env.fromBatch(Count, { limit: 5 }).map(Double).sink((value) => { seen.push(value); }, { name: "out" });
  const result = await env.submit();
  expect(seen).toEqual([0, 2, 4, 6, 8]);
  expect(result).toMatchObject({ name: "doubles", status: "completed", jobId: env.jobId });
  expect(result.operators.map(({ name, recordsIn, recordsOut }) => [name, recordsIn, recordsOut])).toEqual([["Count", 0, 5], ["Double", 5, 5], ["out", 5, 0]]);
  expect((await env.getJobStatus()).status).toBe("completed");
});

test("every method may be called before submit, after it and after close, and closing twice is harmless", async () => {
  const env = new LocalEnvironment("idle");
  expect(await env.getJobStatus()).toEqual({ status: "not-submitted", name: "idle", operators: [] });
  expect(await env.healthCheck()).toEqual({ healthy: true, target: "local", detail: "runs in this program" });
  await env.stop();
  const uuid = env.envUuid;
  expect(env.jobId).toBeUndefined();
  env.fromIterable([1]).sink(() => {});
  await env.submit();
  const id = env.jobId;
  await env.close();
  await env.close();
  await env.stop();
  expect(await env.getJobStatus()).toMatchObject({ status: "completed", jobId: id });
  expect([env.envUuid, env.jobId]).toEqual([uuid, id]);
  await expect(env.submit()).rejects.toMatchObject({ code: "SAGE_EMPTY_PIPELINE" });
});

test("collect() brings records to the caller while the job runs, and after it", async () => {
  await using env = new LocalEnvironment("collecting");
  const rows = env.fromIterable([1, null, 3]).collect();
  const [result, records] = await Promise.all([env.submit(), rows.toArray()]);
  expect([result.status, records]).toEqual(["completed", [1, null, 3]]);
  await using late = new LocalEnvironment("late");
  const lateRows = late.fromIterable(["a", "b"]).collect();
  await late.submit();
  expect(await lateRows.toArray()).toEqual(["a", "b"]);
  await expect(lateRows.toArray()).rejects.toMatchObject({ code: "SAGE_ALREADY_READ" });
});

test("a slow reader of collect() slows the job down: memory stays bounded", async () => {
  await using env = new LocalEnvironment("slow");
  let made = 0;
  const rows = env.fromBatch(() => (made < 400_000 ? { n: made++, text: "x".repeat(100) } : null)).collect();
  const done = env.submit({ collectBufferBytes: 100_000 });
  let read = 0;
  let mostAhead = 0;
  for await (const _ of rows) {
    read++;
    mostAhead = Math.max(mostAhead, made - read);
    if (read === 1_000) for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
  expect(read).toBe(400_000);
  expect(mostAhead).toBeLessThan(40_000);
});

test("results that nobody reads while submit waits are an error that says what to do, not a hang", async () => {
  await using env = new LocalEnvironment("unread");
  env.fromBatch(Count, { limit: 10_000_000 }).map((n) => ({ n })).collect({ name: "rows" });
  await expect(env.submit({ collectBufferBytes: 50_000 })).rejects.toMatchObject({
    code: "SAGE_COLLECT_BUFFER_FULL", message: expect.stringContaining("the results of rows fill their buffer of 50000 bytes") as string,
    hint: expect.stringContaining("Promise.all([env.submit(), rows.toArray()])") as string,
  });
  expect((await env.getJobStatus()).status).toBe("stopped");
});

test("a failing operator rejects the submit and the reading, with operator, record and the user's line", async () => {
  await using env = new LocalEnvironment("failing");
  const rows = env.fromBatch(Count, { limit: 5 }).map((n) => { if (n === 3) throw new TypeError("three is too many"); return n; }, { name: "picky" }).collect();
  const [submitted, read] = await Promise.allSettled([env.submit(), rows.toArray()]);
  for (const settled of [submitted, read]) expect(settled).toMatchObject({ status: "rejected", reason: { code: "SAGE_JOB_FAILED", operator: "picky", recordNumber: 4 } });
  const error = (submitted as PromiseRejectedResult).reason as Error;
  expect(error.message).toContain("three is too many");
  expect(error.stack).toContain("local-environment.test.ts:");
  expect(error.cause).toMatchObject({ code: "SAGE_OPERATOR_FAILED" });
  expect(await env.getJobStatus()).toMatchObject({ status: "failed", error: expect.stringContaining("three is too many") as string });
});

test.each([
  ["an empty pipeline", () => {}, "SAGE_EMPTY_PIPELINE"],
  ["an unfilled future", (env: LocalEnvironment) => void env.fromIterable([1]).union(env.fromFuture<number>("again")).print(), "SAGE_UNFILLED_FUTURE"],
  ["parallelism 0", (env: LocalEnvironment) => void env.fromIterable([1]).map((n) => n, { parallelism: 0 }).print(), "SAGE_INVALID_OPERATOR"],
])("%s is refused before anything runs", async (_what, build, code) => {
  await using env = new LocalEnvironment("wrong");
  build(env);
  await expect(env.submit()).rejects.toMatchObject({ code });
  expect((await env.getJobStatus()).status).toBe("not-submitted");
});

test("autostop: false returns at once with a handle; stop() ends the job, and the environment knows", async () => {
  await using env = new LocalEnvironment("endless");
  const running = deferred();
  env.fromSource(() => { running.resolve(); return 1; }).sink(() => {});
  const job: RunningJob = await env.submit({ autostop: false });
  await running.promise;
  expect(await env.getJobStatus()).toMatchObject({ status: "running", jobId: job.jobId });
  await env.stop();
  expect(await env.getJobStatus()).toMatchObject({ status: "stopped" });
  expect(await job.done({ timeoutMs: 1_000 })).toMatchObject({ status: "stopped" });
});

test("a wait that takes too long rejects and the job goes on, until close() ends it", async () => {
  const env = new LocalEnvironment("endless");
  env.fromSource(() => 1).sink(() => {});
  await expect(env.submit({ timeoutMs: 30 })).rejects.toMatchObject({ code: "SAGE_AUTOSTOP_TIMEOUT" });
  expect((await env.getJobStatus()).status).toBe("running");
  await env.close();
  expect((await env.getJobStatus()).status).toBe("stopped");
});

test("a signal ends the wait with its reason", async () => {
  await using env = new LocalEnvironment("endless");
  env.fromSource(() => 1).sink(() => {});
  const abort = new AbortController();
  const wait = env.submit({ signal: abort.signal });
  setImmediate(() => abort.abort(new Error("enough")));
  await expect(wait).rejects.toThrow("enough");
});

test("Ctrl-C while submit waits ends the job, then the program as it would have", async () => {
  const kill = vi.spyOn(process, "kill").mockReturnValue(true);
  const others = process.listeners("SIGINT");
  process.removeAllListeners("SIGINT");
  try {
    await using env = new LocalEnvironment("endless");
    const running = deferred();
    env.fromSource(() => { running.resolve(); return 1; }).sink(() => {});
    const wait = env.submit();
    await running.promise;
    process.emit("SIGINT");
    await expect(wait).rejects.toMatchObject({ code: "SAGE_INTERRUPTED" });
    expect((await env.getJobStatus()).status).toBe("stopped");
    await new Promise((resolve) => setImmediate(resolve));
    expect(kill).toHaveBeenCalledWith(process.pid, "SIGINT");
    expect(process.listenerCount("SIGINT")).toBe(0);
  } finally {
    kill.mockRestore();
    for (const listener of others) process.on("SIGINT", listener);
  }
});

test("services are set up before the first record and cleaned up before submit returns", async () => {
  const events: string[] = [];
  class Greeter extends ServiceFunction {
    override setup(): void { events.push("setup"); }
    greet(name: string): string { return `hello ${name}`; }
    override async cleanup(): Promise<void> {
      await new Promise((resolve) => setImmediate(resolve));
      events.push("cleanup");
    }
  }
  await using env = new LocalEnvironment("served");
  const greeter = env.registerService("greeter", Greeter);
  const rows = env.fromIterable(["a", "b"]).map(async (name, ctx) => { events.push("record"); return ctx.service(greeter).greet(name); }).collect();
  const [, greetings] = await Promise.all([env.submit().then(() => events.push("returned")), rows.toArray()]);
  expect(greetings).toEqual(["hello a", "hello b"]);
  expect(events).toEqual(["setup", "record", "record", "cleanup", "returned"]);
});

test("print() lines and logger lines reach onLine with operator and instance", async () => {
  await using env = new LocalEnvironment("lines");
  env.fromIterable([1, 2]).map((n, ctx) => { ctx.logger.warn("odd", { n }); return n; }, { name: "watch" }).print("n =");
  const lines: string[] = [];
  await env.submit({ onLine: ({ operator, index, text, stream }) => lines.push(`${stream} ${operator}[${index}] ${text}`) });
  expect(lines.filter((line) => line.startsWith("stdout"))).toEqual(["stdout print[0] n = 1", "stdout print[0] n = 2"]);
  expect(lines).toContain("stderr watch[0] odd { n: 1 }");
});

test("progress tells records of sources", async () => {
  await using env = new LocalEnvironment("progress");
  env.fromBatch(Count, { limit: 100 }).sink(() => {});
  const told: JobProgress[] = [];
  await env.submit({ onProgress: (progress) => told.push(progress) });
  expect(told.length).toBeGreaterThan(0);
  expect(told[0]).toMatchObject({ jobId: env.jobId });
});

test("parallelism above 1 may run in this process too, with the same counts", async () => {
  const counts = await runToArray((env) => env.fromIterable(Array.from({ length: 1_000 }, (_, n) => n % 7))
    .keyBy((n) => n).aggregate({ init: () => 0, add: (sum: number) => sum + 1, result: (sum, key) => ({ key, sum }) }, { emit: "end" }), { parallelism: 3 });
  expect(counts.map((count) => count.sum).reduce((a, b) => a + b)).toBe(1_000);
  expect(counts).toHaveLength(7);
});

test("worker processes need to know the program: under a test runner the error asks for it", async () => {
  await using env = new LocalEnvironment("wide", { parallelism: 2 });
  env.fromIterable([1]).map((n) => n).print();
  await expect(env.submit()).rejects.toMatchObject({ code: "SAGE_ENTRY_NEEDED" });
});

test("no daemon: the remote environment says so, by health check and by submit", async () => {
  const options = { host: "127.0.0.1", port: 9, entry: new URL("./local-environment.ts", import.meta.url) };
  await using env = new RemoteEnvironment("remote", options);
  expect(await env.healthCheck()).toMatchObject({ healthy: false, target: "remote" });
  env.fromIterable([1]).print();
  await expect(env.submit()).rejects.toMatchObject({ code: "SAGE_DAEMON_UNREACHABLE" });
});

test("environment() follows SAGE_TARGET, and refuses what it does not know", async () => {
  await using env = environment("anywhere");
  const former = process.env["SAGE_TARGET"];
  try {
    process.env["SAGE_TARGET"] = "local";
    expect(await env.healthCheck()).toMatchObject({ target: "local" });
    process.env["SAGE_TARGET"] = "cloud";
    await expect(env.healthCheck()).rejects.toMatchObject({ code: "SAGE_UNKNOWN_TARGET" });
  } finally {
    if (former === undefined) delete process.env["SAGE_TARGET"];
    else process.env["SAGE_TARGET"] = former;
  }
});

test("an option of an environment, of submit, of checkpoints or of restart that nobody takes is an error that names the nearest", async () => {
  const slip = <T>(options: Record<string, unknown>) => options as T;
  const unknown = (hint: string) => expect.objectContaining({ code: "SAGE_UNKNOWN_OPTION", hint: `Did you mean "${hint}"?` }) as Error;
  expect(() => new LocalEnvironment("slip", slip({ worker: "processes" }))).toThrow(unknown("workers"));
  expect(() => new RemoteEnvironment("slip", slip({ prot: 1 }))).toThrow(unknown("port"));
  expect(() => environment("slip", slip({ checkpoint: {} }))).toThrow(unknown("checkpoints"));
  expect(() => environment("slip", { checkpoints: slip({ interval: 1_000 }) })).toThrow(unknown("intervalMs"));
  await using env = new LocalEnvironment("slip");
  env.fromIterable([1]).sink(() => {});
  await expect(env.submit(slip({ timeout: 5 }))).rejects.toThrow(unknown("timeoutMs"));
  await expect(env.submit({ restart: slip({ strategy: "fixed", attempt: 1 }) })).rejects.toThrow(unknown("attempts"));
});
