// The deploy lock on this machine: two operators, silence, and an owner that dies.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Clock } from "@sage/core";
import type { Host, RunOptions } from "./host.ts";
import { localHost } from "./local-host.ts";
import { acquireDeployLock, readDeployLock } from "./lock.ts";

let home: string;
let host: Host;
const ada = { path: "~/locks/deploy", who: "ada@laptop", doing: "sage deploy" };
const bob = { path: "~/locks/deploy", who: "bob@desk", doing: "sage cluster stop" };
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sage-lock-"));
  host = localHost("head", { ...process.env, HOME: home });
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

test("a second operator is told who holds the lock and since when, and gets it once it is free", async () => {
  {
    await using lock = await acquireDeployLock(host, ada);
    expect(lock.signal.aborted).toBe(false);
    const error = await acquireDeployLock(host, bob).catch((each: unknown) => each);
    expect(error).toMatchObject({ code: "SAGE_DEPLOY_LOCKED", owner: { who: "ada@laptop", doing: "sage deploy" } });
    expect(await readDeployLock(host, ada.path)).toMatchObject({ who: "ada@laptop" });
  }
  expect(await readDeployLock(host, ada.path)).toBeUndefined();
  await using _lock = await acquireDeployLock(host, bob);
});

test("ten operators at once: one gets it", async () => {
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => acquireDeployLock(host, ada)));
  const won = tries.filter((each) => each.status === "fulfilled");
  expect(won).toHaveLength(1);
  await won[0]!.value[Symbol.asyncDispose]();
});

test("an owner whose connection ends loses the lock, hears of it, and another gets it", async () => {
  const cut = new AbortController();
  const cutOff: Host = Object.assign(Object.create(host) as Host, {
    run: (command: Parameters<Host["run"]>[0], options: RunOptions = {}) => host.run(command, { ...options, signal: cut.signal }),
  });
  const lock = await acquireDeployLock(cutOff, ada);
  cut.abort(new Error("the cable was cut"));
  await new Promise((resolve) => lock.signal.addEventListener("abort", resolve, { once: true }));
  expect(lock.signal.reason).toMatchObject({ code: "SAGE_DEPLOY_LOCK_LOST" });
  await lock[Symbol.asyncDispose]();
  for (;;) {
    try {
      await using _next = await acquireDeployLock(host, bob);
      break;
    } catch (error) {
      expect(error).toMatchObject({ code: "SAGE_DEPLOY_LOCKED" }); // the host's process has not ended yet
    }
  }
});

test("an owner that hears nothing for 45 s stops before the host gives the lock away", async () => {
  let nowMs = 0;
  const sleepers = new Set<() => void>();
  const clock: Clock = {
    now: () => nowMs, monotonicMs: () => nowMs,
    sleep: (_ms, signal) => new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      sleepers.add(resolve);
    }),
  };
  const silent: Host = Object.assign(Object.create(host) as Host, {
    run: (_command: unknown, options: RunOptions = {}) => {
      options.onOutput?.("held\n", "stdout");
      return new Promise((resolve) => { // reads stdin to its end, and never says another word
        void (async () => {
          for await (const _beat of options.stdin as AsyncIterable<Uint8Array>);
          resolve({ exitCode: 0, signal: undefined, stdout: "held\n", stderr: "", truncated: false });
        })();
      });
    },
  });
  await using lock = await acquireDeployLock(silent, { ...ada, clock });
  const wake = async () => {
    const waiting = [...sleepers];
    sleepers.clear();
    for (const resolve of waiting) resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  nowMs = 44_000;
  await wake();
  expect(lock.signal.aborted).toBe(false);
  nowMs = 46_000;
  await wake();
  expect(lock.signal.reason).toMatchObject({ code: "SAGE_DEPLOY_LOCK_LOST" });
});
