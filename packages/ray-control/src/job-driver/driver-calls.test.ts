import { deferred } from "@sage/core";
import { afterEach, expect, test, vi } from "vitest";
import { RaySessionClosedError, RaySessionLostError, RayTaskError } from "../index.ts";
import { DriverCalls } from "./driver-calls.ts";

afterEach(() => { vi.useRealTimers(); });

/** The other end of a stream, in the test's hands. */
function fakeDriver() {
  const sent: Record<string, unknown>[] = [];
  const waiting: { resolve(next: IteratorResult<string>): void }[] = [];
  const ready: string[] = [];
  let isDone = false;
  const frames: AsyncIterator<string> = {
    next: () => {
      const frame = ready.shift();
      if (frame !== undefined) return Promise.resolve({ value: frame, done: false });
      const next = deferred<IteratorResult<string>>();
      waiting.push(next);
      return next.promise;
    },
  };
  const say = (frame: unknown) => {
    const text = typeof frame === "string" ? frame : JSON.stringify(frame);
    const next = waiting.shift();
    if (next) next.resolve({ value: text, done: false });
    else ready.push(text);
  };
  const end = () => waiting.shift()!.resolve({ value: undefined, done: true });
  const calls = new DriverCalls({ frames, send: async (frame) => void sent.push(JSON.parse(frame) as Record<string, unknown>), done: () => { isDone = true; } }, "head:8265");
  return { calls, sent, say, end, isDone: () => isDone };
}

test("answers find their questions, in any order, and what Python threw is thrown", async () => {
  const { calls, sent, say } = fakeDriver();
  say({ ready: { rayVersion: "2.60.0", rayCommit: "", pythonVersion: "3.11" } });
  expect((await calls.ready).rayVersion).toBe("2.60.0");
  const [first, second] = [calls.call("nodes"), calls.call("call", { actor: 1 })];
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  expect(sent).toMatchObject([{ id: 1, do: "nodes" }, { id: 2, do: "call", actor: 1 }]);
  say({ id: 2, error: { type: "RayTaskError", isRays: true, text: "ray::A.f() (pid=7, ip=10.0.0.1)\n  File \"x\", line 1, in f\nValueError: boom", function: "A.f", pid: 7, ip: "10.0.0.1" } });
  say({ id: 1, value: [] });
  expect(await first).toEqual([]);
  const error = (await second.catch((thrown: unknown) => thrown)) as RayTaskError;
  expect(error).toBeInstanceOf(RayTaskError);
  expect(error).toMatchObject({ pythonType: "ValueError", message: "A.f threw ValueError: boom", functionName: "A.f", pid: 7, ip: "10.0.0.1" });
});

test("an answer that nobody waits for any more changes nothing", async () => {
  const { calls, say } = fakeDriver();
  await expect(calls.call("nodes", {}, { timeoutMs: 1 })).rejects.toMatchObject({ code: "SAGE_TIMEOUT" });
  say({ id: 1, value: [] });
  say({ beat: true });
  const later = calls.call("nodes");
  say({ id: 2, value: "yes" });
  expect(await later).toBe("yes");
});

test.each([
  ["ends", ({ end }: ReturnType<typeof fakeDriver>) => end()],
  ["says nonsense", ({ say }: ReturnType<typeof fakeDriver>) => say("{")],
])("with a stream that %s everybody who waits hears that the session is lost", async (_, happens) => {
  const driver = fakeDriver();
  const waiting = driver.calls.call("nodes", {}, { timeoutMs: Infinity });
  await vi.waitFor(() => expect(driver.sent).toHaveLength(1));
  happens(driver);
  await expect(waiting).rejects.toBeInstanceOf(RaySessionLostError);
  expect(await driver.calls.ended).toBeInstanceOf(RaySessionLostError);
  await expect(driver.calls.call("nodes")).rejects.toBeInstanceOf(RaySessionLostError);
  expect(driver.isDone()).toBe(true);
});

test("a driver that has said nothing for twenty seconds is lost, one that beats is not", async () => {
  vi.useFakeTimers();
  const driver = fakeDriver();
  let reason: unknown;
  void driver.calls.ended.then((why) => { reason = why; });
  for (let i = 0; i < 10; i++) {
    await vi.advanceTimersByTimeAsync(15_000);
    driver.say({ beat: true });
  }
  expect(reason).toBeUndefined();
  await vi.advanceTimersByTimeAsync(21_000);
  expect(reason).toMatchObject({ code: "SAGE_RAY_SESSION_LOST", message: expect.stringContaining("nothing for 20 s") as string });
});

test("closing tells the driver to end, and everybody else that it is closed", async () => {
  const { calls, sent } = fakeDriver();
  const waiting = calls.call("nodes");
  calls.close();
  calls.close();
  await expect(waiting).rejects.toBeInstanceOf(RaySessionClosedError);
  await vi.waitFor(() => expect(sent.at(-1)).toEqual({ do: "end" }));
  expect(sent.filter((frame) => frame["do"] === "end")).toHaveLength(1);
});

test("a driver that Ray does not let in says why", async () => {
  const { calls, say } = fakeDriver();
  say({ failed: { type: "ConnectionError", isRays: false, text: "Could not find any running Ray instance" } });
  await expect(calls.ready).rejects.toThrow("Could not find any running Ray instance");
});
