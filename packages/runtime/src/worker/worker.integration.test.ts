import { expect, test } from "vitest";
import { compile, PipelineBuilder, SourceFunction } from "@sage/graph";
import { decodeBatch } from "@sage/protocol";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { bundled } from "../testing/bundled-program.ts";
import { FakeDaemon, type FakeWorker } from "../testing/fake-daemon.ts";

/** A program and the plan of what it builds. The stubs have the names of the program's functions. */
async function program(daemon: FakeDaemon, name: string, build: (env: PipelineBuilder) => void, source: string) {
  const env = new PipelineBuilder(name);
  build(env);
  const text = await bundled(daemon.dir, `import { Environment, MapFunction, SinkFunction, ServiceFunction } from "@sage/pipeline";
const env = new Environment(${JSON.stringify(name)});
${source}
await env.submit();
`);
  return { plan: compile(env.graph()), text };
}

class PrintSink { execute(_value: number) {} }
class Primes extends SourceFunction<number> { execute() { return 1; } }
class DoubleMap { execute(value: number) { return value * 2; } }

const failureOf = async (worker: FakeWorker) => (await worker.waitFor("failed")).failure!;

test("a worker runs a job to its end: console lines with operator and index, then Finished, then exit 0", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "hello", (env) => { env.fromBatch([1, 2, 3]).map(DoubleMap).sink(PrintSink); }, `
class DoubleMap extends MapFunction<number, number> { execute(value: number) { return value * 2; } }
class PrintSink extends SinkFunction<number> {
  execute(value: number) { console.log(\`[remote] \${value}\`); }
  close() { console.log("closed"); }
}
env.fromBatch([1, 2, 3]).map(DoubleMap).sink(PrintSink);
console.log("evaluated");`);
  const [worker] = await daemon.run(plan, text, { data: { "data-1": [1, 2, 3] } });
  const finished = await worker!.waitFor("finished");
  expect(worker!.lines()).toEqual(["[#0 stdout] evaluated", ...[2, 4, 6].map((n) => `[PrintSink#0 stdout] [remote] ${n}`), "[PrintSink#0 stdout] closed"]);
  expect(finished.tasks.map(({ instance }) => instance!.recordsIn).at(-1)).toBe(3);
  expect(worker!.received.at(-1)!.body).toBe("finished");
  expect(await worker!.close()).toEqual([0, null]);
  expect(worker!.stderr).toBe("");
});

test("Deployed tells the fingerprint; no record runs before Start", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "hello", (env) => { env.fromBatch([1]).sink(PrintSink); }, `
class PrintSink extends SinkFunction<number> { execute(value: number) { console.log(value); } }
env.fromBatch([1]).sink(PrintSink);`);
  const [worker] = await daemon.deploy(plan, text, { data: { "data-1": [1] } });
  expect((await worker!.waitFor("deployed")).fingerprint).toBe(plan.fingerprint);
  expect(worker!.lines()).toEqual([]);
  await worker!.send({ start: {} });
  await worker!.waitFor("finished");
  expect(worker!.lines()).toEqual(["[PrintSink#0 stdout] 1"]);
});

test("an operator that throws fails the job with its name, record and the user's line", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "broken", (env) => { env.fromBatch([1, 2]).map(DoubleMap).sink(PrintSink); }, `
class DoubleMap extends MapFunction<number, number> {
  execute(value: number) {
    if (value === 2) throw new RangeError("two is too many");
    return value;
  }
}
class PrintSink extends SinkFunction<number> { execute() {} }
env.fromBatch([1, 2]).map(DoubleMap).sink(PrintSink);`);
  const [worker] = await daemon.run(plan, text, { data: { "data-1": [1, 2] } });
  const failure = await failureOf(worker!);
  expect(failure).toMatchObject({ code: "SAGE_OPERATOR_FAILED", fault: "user", operator: "DoubleMap", index: 0, recordNumber: 2, host: "test-host" });
  expect(failure.hint).toContain("onError");
  expect(failure.stack).toBe(`RangeError: two is too many
    at DoubleMap.execute (examples/main.ts:6:28)

    5 |   execute(value: number) {
  > 6 |     if (value === 2) throw new RangeError("two is too many");
      |                            ^
    7 |     return value;`);
  expect(await worker!.close()).toEqual([0, null]);
});

test("the stack that user code prints shows its sources too", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "printed", (env) => { env.fromBatch([1]).sink(PrintSink); }, `
class PrintSink extends SinkFunction<number> { execute() { console.error(new Error("noted")); } }
env.fromBatch([1]).sink(PrintSink);`);
  const [worker] = await daemon.run(plan, text, { data: { "data-1": [1] } });
  await worker!.waitFor("finished");
  expect(worker!.lines().slice(0, 2)).toEqual(["[PrintSink#0 stderr] Error: noted", "[PrintSink#0 stderr]     at PrintSink.execute (examples/main.ts:4:74)"]);
});

test("results wait for credit; the end of results comes before Finished", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "collected", (env) => { env.fromBatch([1, 2]).map(DoubleMap).collect(); }, `
class DoubleMap extends MapFunction<number, number> { execute(value: number) { return value * 2; } }
env.fromBatch([1, 2]).map(DoubleMap).collect();`);
  const [worker] = await daemon.run(plan, text, { data: { "data-1": [1, 2] } });
  await worker!.send({ resultCredit: { nodeId: "collect-1", index: 0, batches: 10 } });
  await worker!.waitFor("finished");
  const results = worker!.received.flatMap(({ result }) => result ?? []);
  expect(results.flatMap(({ last, batch }) => (last ? ["last"] : decodeBatch(batch!.records)))).toEqual([2, 4, "last"]);
  expect(results.map(({ batch }) => batch!.seq)).toEqual(results.map((_, seq) => seq));
});

const endless = `
class Forever extends MapFunction<number, number> {
  execute() {
    console.log("began");
    return new Promise<number>((_resolve, reject) => { this.ctx.signal.addEventListener("abort", () => reject(this.ctx.signal.reason)); });
  }
}
class PrintSink extends SinkFunction<number> { execute() {} }
class Held extends ServiceFunction { cleanup() { console.log("cleaned up"); } }
env.registerService("held", Held);
env.fromBatch([1]).map(Forever).sink(PrintSink);`;
class Forever { execute(value: number) { return value; } }
class Held { cleanup() {} }
const buildEndless = (env: PipelineBuilder) => {
  env.registerService("held", Held);
  env.fromBatch([1]).map(Forever).sink(PrintSink);
};

test("cancelling ends a job that would not end, and cleans its services up", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "endless", buildEndless, endless);
  const [worker] = await daemon.run(plan, text, { data: { "data-1": [1] } });
  await worker!.waitFor("logged", ({ lines }) => lines.some((line) => line.text === "began"));
  await worker!.send({ cancel: { reason: "stopped by the user" } });
  await worker!.waitFor("cancelled");
  expect(worker!.lines()).toContain("[held#0 stdout] cleaned up");
  expect(worker!.received.filter(({ body }) => body === "finished" || body === "failed")).toEqual([]);
  expect(await worker!.close()).toEqual([0, null]);
});

test("a worker whose daemon is gone from its stdin ends, after its services have cleaned up", async () => {
  await using daemon = await FakeDaemon.start();
  const mark = join(daemon.dir, "cleaned");
  const { plan, text } = await program(daemon, "endless", buildEndless, `import { writeFileSync } from "node:fs";
${endless.replace('console.log("cleaned up")', `writeFileSync(${JSON.stringify(mark)}, "")`)}`);
  const [worker] = await daemon.run(plan, text, { data: { "data-1": [1] } });
  await worker!.waitFor("logged");
  worker!.process.stdin.end();
  expect(await worker!.exited).toEqual([0, null]);
  expect(existsSync(mark)).toBe(true);
});

test("a worker whose stream broke attaches again, and repeats what it had to say", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "hello", (env) => { env.fromBatch([1]).sink(PrintSink); }, `
class PrintSink extends SinkFunction<number> { execute() {} }
env.fromBatch([1]).sink(PrintSink);`);
  const [worker] = await daemon.deploy(plan, text, { data: { "data-1": [1] } });
  await worker!.waitFor("deployed");
  worker!.received.length = 0;
  worker!.hangUp();
  await worker!.hello(2);
  await worker!.waitFor("deployed");
  await worker!.send({ start: {} });
  await worker!.waitFor("finished");
  expect(await worker!.close()).toEqual([0, null]);
});

test("a worker without a stream for the grace period ends itself with 1, and says why", async () => {
  await using daemon = await FakeDaemon.start();
  const worker = await daemon.startWorker(0, { gracePeriodMs: 300, daemonAddress: "127.0.0.1:1" });
  expect(await worker.exited).toEqual([1, null]);
  expect(worker.stderr).toMatch(/sage worker: no daemon at 127\.0\.0\.1:1 for 300 ms/);
});

test("a daemon that does not know the secret is not obeyed", async () => {
  await using daemon = await FakeDaemon.start();
  daemon.answer = () => ({ welcome: { heartbeatIntervalMs: 50, gracePeriodMs: 1_000, proof: Buffer.alloc(32) } });
  const worker = await daemon.startWorker(0);
  expect(await worker.exited).toEqual([1, null]);
  expect(worker.stderr).toContain("does not know this job's secret");
});

test("a worker that does not know the secret is refused, and ends", async () => {
  await using daemon = await FakeDaemon.start();
  const worker = await daemon.startWorker(0, { secretHex: "00".repeat(32) });
  expect(await worker.exited).toEqual([1, null]);
  expect(worker.stderr).toContain("refused this worker: wrong proof");
});

test("a boot line that is none is an error that does not show it", async () => {
  await using daemon = await FakeDaemon.start();
  const worker = await daemon.startWorker(0, {}, "secret-of-the-job\n");
  expect(await worker.exited).toEqual([1, null]);
  expect(worker.stderr).toContain("first line on stdin is wrong");
  expect(worker.stderr).not.toContain("secret-of-the-job");
});

const faulty: readonly (readonly [what: string, code: string, expected: object])[] = [
  ["process.exit in an operator", "process.exit(0);", { code: "SAGE_OPERATOR_FAILED", operator: "Faulty", message: expect.stringContaining("process.exit(0)") }],
  ["an unhandled rejection", 'void Promise.reject(new TypeError("nobody awaits")); return new Promise<number>(() => {});', { code: "SAGE_UNCAUGHT", message: "unhandled rejection: nobody awaits" }],
  ["an exception in a callback", 'setTimeout(() => { throw new Error("in a callback"); }); return new Promise<number>(() => {});', { code: "SAGE_UNCAUGHT", message: "uncaught exception: in a callback" }],
];
class Faulty { execute(value: number) { return value; } }

for (const [what, code, expected] of faulty) {
  test(`${what} fails the job with that as its cause`, async () => {
    await using daemon = await FakeDaemon.start();
    const { plan, text } = await program(daemon, "faulty", (env) => { env.fromBatch([1]).map(Faulty).sink(PrintSink); }, `
class Faulty extends MapFunction<number, number> { execute(value: number) { ${code} } }
class PrintSink extends SinkFunction<number> { execute() {} }
env.fromBatch([1]).map(Faulty).sink(PrintSink);`);
    const [worker] = await daemon.run(plan, text, { data: { "data-1": [1] } });
    const failure = await failureOf(worker!);
    expect(failure).toMatchObject(expected);
    expect(failure.stack).toContain("(examples/main.ts:4:");
    expect(await worker!.close()).toEqual([0, null]);
  });
}

test("a program that throws while it is evaluated fails the job before it is deployed", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "hello", (env) => { env.fromBatch([1]).sink(PrintSink); }, `
JSON.parse("{");`);
  const [worker] = await daemon.run(plan, text);
  expect(await failureOf(worker!)).toMatchObject({ code: "SAGE_PROGRAM_THREW", message: expect.stringContaining("examples/main.ts:4:6"), hint: expect.stringContaining("open()") });
});

test("an async main that fails before its submit is explained, not waited for", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "hello", (env) => { env.fromBatch([1]).sink(PrintSink); }, `
async function main() { await null; throw new Error("no config"); }
void main();
await new Promise((resolve) => setTimeout(resolve, 60_000));`);
  const [worker] = await daemon.run(plan, text);
  expect(await failureOf(worker!)).toMatchObject({ code: "SAGE_UNCAUGHT", message: "unhandled rejection: no config" });
});

test("a damaged bundle is refused", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "hello", (env) => { env.fromBatch([1]).sink(PrintSink); }, "");
  const [worker] = await daemon.run(plan, { ...text, bundle: Buffer.concat([text.bundle, Buffer.from(" ")]) });
  expect(await failureOf(worker!)).toMatchObject({ code: "SAGE_PROGRAM_DAMAGED" });
});

test("heartbeats carry memory and services' counts", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "endless", buildEndless, endless);
  const [worker] = await daemon.run(plan, text, { data: { "data-1": [1] } });
  const beat = await worker!.waitFor("heartbeat", ({ services }) => services.length > 0);
  expect(beat).toMatchObject({ services: [{ name: "held", state: "ready", calls: 0, restarts: 0 }] });
  expect(beat.rssBytes).toBeGreaterThan(1_000_000);
});

test("a worker sends heartbeats as often as it was asked last", async () => {
  await using daemon = await FakeDaemon.start();
  daemon.heartbeatIntervalMs = 1_000;
  const worker = await daemon.startWorker(0);
  await worker.waitFor("heartbeat");
  void worker.send({ pace: { heartbeatIntervalMs: 2 } });
  await worker.waitFor("heartbeat", () => worker.heartbeats.length > 200); // three minutes of them, if it was not heard
});

test("native packages of the user's project are found from the bundle", async () => {
  await using daemon = await FakeDaemon.start();
  const { mkdir } = await import("node:fs/promises");
  await mkdir(join(daemon.dir, "node_modules/native-thing"), { recursive: true });
  await writeFile(join(daemon.dir, "node_modules/native-thing/index.js"), "module.exports = { speed: 7 };");
  const { plan, text } = await program(daemon, "native", (env) => { env.fromBatch([1]).sink(PrintSink); }, `
const name = "native-thing";
const { default: native } = await import(name);
class PrintSink extends SinkFunction<number> { execute(value: number) { console.log(value * native.speed); } }
env.fromBatch([1]).sink(PrintSink);`);
  const [worker] = await daemon.run(plan, text, { data: { "data-1": [1] } });
  await worker!.waitFor("finished");
  expect(worker!.lines()).toEqual(["[PrintSink#0 stdout] 7"]);
});

class Sum { execute(total: readonly [string, number], next: readonly [string, number]): [string, number] { return [next[0], total[1] + next[1]]; } }
const letters = Array.from({ length: 600 }, (_, n): [string, number] => [String.fromCharCode(97 + (n % 26)), n]);

test("two workers exchange keyed records and give every result once", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "keyed", (env) => {
    env.fromBatch(letters).keyBy(byLetter).reduce(Sum).with({ parallelism: 2 }).collect({ parallelism: 2 });
  }, `
class Sum { execute(total: [string, number], next: [string, number]): [string, number] { return [next[0], total[1] + next[1]]; } }
const byLetter = ([letter]: [string, number]) => letter;
env.fromBatch([] as [string, number][]).keyBy(byLetter).reduce(Sum).with({ parallelism: 2 }).collect({ parallelism: 2 });`);
  const workers = await daemon.run(plan, text, { data: { "data-1": letters } });
  expect(workers.length).toBe(2);
  for (const [index, worker] of workers.entries()) void worker.send({ resultCredit: { nodeId: "collect-1", index, batches: 1_000 } });
  await Promise.all(workers.map((worker) => worker.waitFor("finished")));
  const results = workers.map((worker) => worker.received.flatMap(({ result }) => (result && !result.last ? (decodeBatch(result.batch!.records) as [string, number][]) : [])));
  expect(results.map((each) => each.length > 0)).toEqual([true, true]);
  const last = new Map(results.flat());
  const expected = new Map<string, number>();
  for (const [letter, n] of letters) expected.set(letter, (expected.get(letter) ?? 0) + n);
  expect(last).toEqual(expected);
  expect(results.flat().length).toBe(letters.length);
  expect(await Promise.all(workers.map((worker) => worker.close()))).toEqual([[0, null], [0, null]]);
});

const byLetter = ([letter]: readonly [string, number]) => letter;

test("a service has one instance a worker, which operators call; each is cleaned up before Finished", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "served", (env) => {
    env.registerService("adder", Adder, {}, 100);
    env.fromBatch([1, 2, 3, 4]).map(Ask).with({ parallelism: 2 }).sink(PrintSink).with({ parallelism: 2 });
  }, `
class Adder extends ServiceFunction {
  constructor(readonly by: number) { super(); }
  setup() { console.log("setup"); }
  add(value: number) { return value + this.by; }
  cleanup() { console.log("cleanup"); }
}
class Ask extends MapFunction<number, number> { execute(value: number) { return this.ctx.service<Adder>("adder").add(value); } }
class PrintSink extends SinkFunction<number> { execute(value: number) { this.logger.info("got", { value }); } }
env.registerService("adder", Adder, {}, 100);
env.fromBatch([1, 2, 3, 4]).map(Ask).with({ parallelism: 2 }).sink(PrintSink).with({ parallelism: 2 });`);
  const workers = await daemon.run(plan, text, { data: { "data-1": [1, 2, 3, 4] } });
  await Promise.all(workers.map((worker) => worker.waitFor("finished")));
  for (const worker of workers) {
    const lines = worker.lines();
    const { workerIndex } = worker.boot;
    expect([lines[0], lines.at(-1)]).toEqual([`[adder#${workerIndex} stdout] setup`, `[adder#${workerIndex} stdout] cleanup`]);
  }
  const printed = workers.flatMap((worker, index) => worker.lines().slice(1, -1).map((line) => line.replace(`[PrintSink#${index} log] `, "")));
  expect(printed.sort()).toEqual([101, 102, 103, 104].map((n) => `got value=${n}`));
});

class Adder { by: number; constructor(by: number) { this.by = by; } add(value: number) { return value + this.by; } }
class Ask { execute(value: number) { return value; } }

test("dead letters carry the record, the error and its place", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "letters", (env) => { env.fromBatch([1, 2]).map(DoubleMap).with({ onError: "dead-letter" }).sink(PrintSink); }, `
class DoubleMap extends MapFunction<number, number> { execute(value: number): number { if (value === 2) throw new Error("odd one"); return value; } }
class PrintSink extends SinkFunction<number> { execute() {} }
env.fromBatch([1, 2]).map(DoubleMap).with({ onError: "dead-letter" }).sink(PrintSink);`);
  const [worker] = await daemon.run(plan, text, { data: { "data-1": [1, 2] } });
  const { tasks } = await worker!.waitFor("finished");
  const letter = worker!.received.find(({ body }) => body === "deadLetter")!.deadLetter;
  expect(letter).toEqual({ operator: "DoubleMap", index: 0, recordNumber: 2, recordJson: "2", error: "odd one (examples/main.ts:4:111)" });
  expect(tasks.find(({ nodeId }) => nodeId === "map-1")!.instance).toMatchObject({ recordsIn: 2, recordsOut: 1, deadLettered: 1, state: "finished" });
});

test("a function that never returns does not keep services from being cleaned up when the job is cancelled", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "endless", buildEndless, endless.replace(/return new Promise.*/, "return new Promise<number>(() => {});"));
  const [worker] = await daemon.run(plan, text, { data: { "data-1": [1] } });
  await worker!.waitFor("logged", ({ lines }) => lines.some((line) => line.text === "began"));
  await worker!.send({ cancel: { reason: "stopped by the user" } });
  await worker!.waitFor("cancelled");
  expect(worker!.lines()).toContain("[held#0 stdout] cleaned up");
});

test("an operator that blocks the event loop is named with its stack while it does, and goes on", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "blocks", (env) => { env.fromBatch([1, 2]).map(DoubleMap).sink(PrintSink); }, `
import { existsSync } from "node:fs";
function spinUntil(path: string) { while (!existsSync(path)); }
class DoubleMap extends MapFunction<number, number> {
  execute(value: number) {
    if (value === 2) spinUntil(process.argv[2]!);
    return value;
  }
}
class PrintSink extends SinkFunction<number> { execute() {} }
env.fromBatch([1, 2]).map(DoubleMap).sink(PrintSink);`);
  const release = join(daemon.dir, "release");
  const heard = daemon.nextPulse();
  const [worker] = await daemon.run(plan, text, { data: { "data-1": [1, 2] }, argv: [release] });
  const pulse = await heard;
  expect(pulse).toMatchObject({ operator: "DoubleMap", index: 0, block: { isOver: false } });
  expect(pulse.block!.durationMs).toBeGreaterThanOrEqual(1_000);
  expect(pulse.block!.stack).toMatch(/^    at spinUntil \(examples\/main\.ts:5:\d+\)\n    at execute \(examples\/main\.ts:8:22\)/);
  await writeFile(release, "");
  const finished = await worker!.waitFor("finished");
  expect(finished.tasks.find(({ instance }) => instance!.block)?.instance).toMatchObject({ blocks: 1, block: { isOver: true, stack: pulse.block!.stack } });
  expect(worker!.lines().join("\n")).toMatch(/\[DoubleMap#0 log\] had blocked the worker's event loop for [\d.]+ s/);
  expect(await worker!.close()).toEqual([0, null]);
});

test("a CPU profile names the user's operators, functions and lines", async () => {
  await using daemon = await FakeDaemon.start();
  const { plan, text } = await program(daemon, "busy", (env) => { env.fromSource(Primes).sink(PrintSink); }, `
import { SourceFunction } from "@sage/pipeline";
function findPrimes(limit: number) {
  let found = 0;
  for (let n = 2; n < limit; n++) { let d = 2; while (d * d <= n && n % d !== 0) d++; if (d * d > n) found++; }
  return found;
}
class Primes extends SourceFunction<number> { execute() { return findPrimes(20_000); } }
class PrintSink extends SinkFunction<number> { execute() {} }
env.fromSource(Primes).sink(PrintSink);`);
  const [worker] = await daemon.run(plan, text);
  void worker!.send({ profile: { id: 7, durationMs: 300 } });
  const { id, profile, error } = await worker!.waitFor("profiled");
  expect([id, error]).toEqual([7, ""]);
  expect(profile!.functions[0]).toMatchObject({ name: "findPrimes", place: "examples/main.ts:5", isUsers: true });
  const file = JSON.parse(gunzipSync(profile!.cpuprofileGzip).toString()) as { nodes: { callFrame: { url: string; functionName: string } }[]; samples: number[] };
  expect(file.samples.length).toBeGreaterThan(0);
  expect(file.nodes.find(({ callFrame }) => callFrame.functionName === "findPrimes")?.callFrame.url).toBe("examples/main.ts");
  expect(file.nodes.find(({ callFrame }) => callFrame.functionName === "Primes.execute")?.callFrame.url).toBe("examples/main.ts");
  expect(profile!.operators.map(({ name }) => name)).toEqual(["Primes"]);
  void worker!.send({ drain: {} });
  await worker!.waitFor("finished");
});
