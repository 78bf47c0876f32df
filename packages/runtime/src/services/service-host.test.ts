import { expect, onTestFinished, test } from "vitest";
import { silentLogger, systemClock, type Clock } from "@sage/core";
import { ServiceCrashError, ServiceFunction, type Constructor, type GraphService, type ServiceHandle, type ServiceOptions } from "@sage/graph";
import { ServiceHost } from "./service-host.ts";

const impatient: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(Math.min(ms, ms >= 60_000 ? ms : 1), signal) };

const service = (name: string, make: Constructor, options: ServiceOptions = {}, args: readonly unknown[] = []): GraphService => ({ name, make, args, options });

function open(services: readonly GraphService[], signal?: AbortSignal): Promise<ServiceHost> {
  const opened = ServiceHost.open({ services, jobId: "job", params: { size: 3 }, loggerOf: () => silentLogger, clock: impatient, ...(signal ? { signal } : {}) });
  onTestFinished(() => opened.then((host) => host.close(false), () => {}));
  return opened;
}

const handleOf = <S extends object>(host: ServiceHost, name: string): ServiceHandle<S> => host.directory.service<S>(name);

class Counter {
  n: number;
  constructor(start: number) { this.n = start; }
  add(by: number): number { return (this.n += by); }
  async later(): Promise<string> { return "later"; }
  fail(): never { throw new TypeError("no such thing"); }
}

test("every method of a handle returns a promise, of what the method returns or throws", async () => {
  const host = await open([service("counter", Counter, {}, [10])]);
  const counter = handleOf<Counter>(host, "counter");
  expect(counter.add(1)).toBeInstanceOf(Promise);
  expect(await counter.add(1)).toBe(12);
  expect(await counter.later()).toBe("later");
  await expect(counter.fail()).rejects.toThrow(TypeError);
  const [metrics] = host.metrics();
  expect(metrics).toMatchObject({ name: "counter", state: "ready", calls: 4, failures: 1, restarts: 0, queued: 0, answered: 4 });
  expect(metrics!.latencyTotalMs).toBeGreaterThan(0);
});

test("a handle can be returned from an async function", async () => {
  const host = await open([service("counter", Counter, {}, [0])]);
  const counter = await (async () => handleOf<Counter>(host, "counter"))();
  expect(await counter.add(5)).toBe(5);
});

test("a method that does not exist is named with those that do", async () => {
  const host = await open([service("counter", Counter, {}, [0])]);
  const counter = handleOf<Counter & { sub(): void; setup(): void }>(host, "counter");
  await expect(counter.sub()).rejects.toMatchObject({ code: "SAGE_UNKNOWN_SERVICE_METHOD", message: expect.stringContaining('no method "sub"; it has add, fail, later') });
  await expect(counter.setup()).rejects.toMatchObject({ code: "SAGE_UNKNOWN_SERVICE_METHOD" });
});

test("a service that was not registered is named with those that were", async () => {
  const host = await open([service("counter", Counter, {}, [0])]);
  expect(() => host.directory.service("llm")).toThrow(/no service "llm"; registered are counter/);
});

test("setups run in order of registration before the first call, cleanups in reverse, once each", async () => {
  const events: string[] = [];
  const named = (name: string) => class {
    async setup() { await Promise.resolve(); events.push(`setup ${name}`); }
    async cleanup() { await Promise.resolve(); events.push(`cleanup ${name}`); }
  };
  const host = await open([service("a", named("a")), service("b", named("b"))]);
  await Promise.all([host.close(), host.close()]);
  expect(events).toEqual(["setup a", "setup b", "cleanup b", "cleanup a"]);
});

test("a service has its context, and the services registered before it in its setup", async () => {
  class Base { size() { return 2; } }
  class Derived extends ServiceFunction {
    doubled = 0;
    override async setup() { this.doubled = 2 * (await this.ctx.service<Base>("base").size()) * Number(this.ctx.params["size"]); }
    value() { return this.doubled; }
  }
  class Plain {
    declare services: { base: { size(): Promise<number> } };
    async value() { return this.services.base.size(); }
  }
  const host = await open([service("base", Base), service("derived", Derived), service("plain", Plain)]);
  expect(await handleOf<Derived>(host, "derived").value()).toBe(12);
  expect(await handleOf<Plain>(host, "plain").value()).toBe(2);
});

test("calling a service registered later from setup is an error that says so, not a hang", async () => {
  class Eager extends ServiceFunction {
    override async setup() { await this.ctx.service<Counter>("counter").add(1); }
  }
  await expect(open([service("eager", Eager, { maxRestarts: 0 }), service("counter", Counter, {}, [0])]))
    .rejects.toMatchObject({ code: "SAGE_SERVICE_FAILED", cause: { code: "SAGE_SERVICE_NOT_READY" } });
});

test("as many calls run at once as concurrency allows, the others wait in order", async () => {
  let running = 0;
  let most = 0;
  const order: number[] = [];
  class Slow {
    async work(n: number) {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      order.push(n);
    }
  }
  const host = await open([service("slow", Slow, { concurrency: 3 })]);
  const slow = handleOf<Slow>(host, "slow");
  await Promise.all(Array.from({ length: 20 }, (_, n) => slow.work(n)));
  expect(most).toBe(3);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

class Stuck {
  static release: () => void = () => {};
  hang(): Promise<string> { return new Promise((resolve) => { Stuck.release = () => resolve("released"); }); }
  quick() { return "quick"; }
}

test("calls beyond the queue are refused", async () => {
  const host = await open([service("stuck", Stuck, { queueSize: 2 })]);
  const stuck = handleOf<Stuck>(host, "stuck");
  const [first, second, third] = [stuck.hang(), stuck.quick(), stuck.quick()];
  await expect(stuck.quick()).rejects.toMatchObject({ code: "SAGE_SERVICE_OVERLOADED" });
  expect(host.metrics()[0]).toMatchObject({ calls: 4, failures: 1, queued: 2 });
  Stuck.release();
  expect(await Promise.all([first, second, third])).toEqual(["released", "quick", "quick"]);
});

test("a call that takes too long fails, and keeps its place until it has ended", async () => {
  const host = await open([service("stuck", Stuck, { timeoutMs: 20 })]);
  const stuck = handleOf<Stuck>(host, "stuck");
  const hanging = stuck.hang();
  const behind = stuck.quick();
  await expect(hanging).rejects.toMatchObject({ code: "SAGE_SERVICE_TIMEOUT", message: expect.stringContaining("stuck.hang was still running after 20 ms") });
  await expect(behind).rejects.toMatchObject({ code: "SAGE_SERVICE_TIMEOUT", message: expect.stringContaining("stuck.quick was still queued") });
  Stuck.release();
  expect(await stuck.quick()).toBe("quick");
});

test("services that wait for one another in a circle end by timeout, which names the circle", async () => {
  const other = (name: string) => class extends ServiceFunction {
    ask(depth: number): Promise<number> | number {
      return depth === 0 ? 0 : this.ctx.service<{ ask(depth: number): number }>(name).ask(depth - 1);
    }
  };
  const host = await open([service("a", other("b"), { timeoutMs: 30 }), service("b", other("a"), { timeoutMs: 30 })]);
  const a = handleOf<{ ask(depth: number): number }>(host, "a");
  expect(await a.ask(1)).toBe(0);
  await expect(a.ask(2)).rejects.toMatchObject({ code: "SAGE_SERVICE_TIMEOUT", message: expect.stringContaining("b.ask → a.ask, a circle") });
});

class Flaky extends ServiceFunction {
  static setupFailures = 0;
  static events: string[] = [];
  override setup() {
    Flaky.events.push("setup");
    if (Flaky.setupFailures-- > 0) throw new Error("port is taken");
  }
  override cleanup() { Flaky.events.push("cleanup"); }
  crash(): never { throw new ServiceCrashError("the model has gone"); }
  async crashLater() { await Promise.resolve(); throw new ServiceCrashError("the model has gone"); }
  ok() { return "ok"; }
  static reset(setupFailures: number) { Flaky.setupFailures = setupFailures; Flaky.events = []; }
}

test("a service whose setup fails is cleaned up and made anew", async () => {
  Flaky.reset(2);
  const host = await open([service("flaky", Flaky)]);
  expect(await handleOf<Flaky>(host, "flaky").ok()).toBe("ok");
  expect(host.metrics()[0]).toMatchObject({ state: "ready", restarts: 2 });
  await host.close();
  expect(Flaky.events).toEqual(["setup", "cleanup", "setup", "cleanup", "setup", "cleanup"]);
});

test("a service whose setup always fails is given up, and the services before it are cleaned up", async () => {
  Flaky.reset(Infinity);
  let cleaned = 0;
  class First { cleanup() { cleaned++; } }
  await expect(open([service("first", First), service("flaky", Flaky, { maxRestarts: 2 })]))
    .rejects.toMatchObject({ code: "SAGE_SERVICE_FAILED", message: expect.stringContaining("after 2 restarts: port is taken") });
  expect(cleaned).toBe(1);
  expect(Flaky.events.length).toBe(6);
});

test("a crash fails its call alone; those that wait go to the next instance", async () => {
  Flaky.reset(0);
  const host = await open([service("flaky", Flaky)]);
  const flaky = handleOf<Flaky>(host, "flaky");
  const calls = [flaky.crashLater(), flaky.ok(), flaky.ok()];
  await expect(calls[0]).rejects.toMatchObject({ code: "SAGE_SERVICE_CRASH" });
  expect(await Promise.all(calls.slice(1))).toEqual(["ok", "ok"]);
  await expect(flaky.crash()).rejects.toMatchObject({ code: "SAGE_SERVICE_CRASH" });
  expect(await flaky.ok()).toBe("ok");
  expect(host.metrics()[0]).toMatchObject({ restarts: 2, failures: 2, calls: 5 });
  await host.close();
  expect(Flaky.events).toEqual(["setup", "cleanup", "setup", "cleanup", "setup", "cleanup"]);
});

test("a service that crashes more often than it may is given up: every call says why", async () => {
  Flaky.reset(0);
  const host = await open([service("flaky", Flaky, { maxRestarts: 1 })]);
  const flaky = handleOf<Flaky>(host, "flaky");
  for (let n = 0; n < 2; n++) await expect(flaky.crash()).rejects.toMatchObject({ code: "SAGE_SERVICE_CRASH" });
  await expect(flaky.ok()).rejects.toMatchObject({ code: "SAGE_SERVICE_FAILED", cause: { code: "SAGE_SERVICE_CRASH" } });
  await expect(flaky.ok()).rejects.toMatchObject({ code: "SAGE_SERVICE_FAILED" });
});

test("closing waits for calls that are waited for", async () => {
  const host = await open([service("stuck", Stuck)]);
  const stuck = handleOf<Stuck>(host, "stuck");
  const calls = [stuck.hang(), stuck.quick()];
  const closed = host.close();
  Stuck.release();
  expect(await Promise.all(calls)).toEqual(["released", "quick"]);
  await closed;
  await expect(stuck.quick()).rejects.toMatchObject({ code: "SAGE_SERVICE_CLOSED" });
});

test("a cancelled job does not wait for calls, but for cleanup", async () => {
  const cancel = new AbortController();
  let cleaned = false;
  class Cleaned extends Stuck { async cleanup() { await Promise.resolve(); cleaned = true; } }
  const host = await open([service("stuck", Cleaned)], cancel.signal);
  const failed = handleOf<Stuck>(host, "stuck").hang().catch((error: unknown) => error);
  cancel.abort(new Error("cancelled"));
  await host.close();
  expect(await failed).toMatchObject({ code: "SAGE_SERVICE_CLOSED" });
  expect(cleaned).toBe(true);
});

test("a setup that hangs ends with the job's cancellation, and is cleaned up", async () => {
  const cancel = new AbortController();
  let cleaned = 0;
  class Hanging { setup() { queueMicrotask(() => cancel.abort(new Error("cancelled"))); return new Promise(() => {}); } cleanup() { cleaned++; } }
  await expect(open([service("hanging", Hanging)], cancel.signal)).rejects.toThrow("cancelled");
  expect(cleaned).toBe(1);
});

test("a cleanup that throws is logged, and the others still run", async () => {
  const lines: string[] = [];
  class Bad { cleanup() { throw new Error("disk is full"); } }
  let cleaned = false;
  class Good { cleanup() { cleaned = true; } }
  const logger = { ...silentLogger, error: (message: string) => lines.push(message) };
  const host = await ServiceHost.open({ services: [service("good", Good), service("bad", Bad)], jobId: "job", params: {}, loggerOf: () => logger });
  await host.close();
  expect([lines, cleaned]).toEqual([['cleanup of service "bad" failed: disk is full'], true]);
});
