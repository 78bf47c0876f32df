// The thread that watches a worker's event loop from outside: names what blocks it while it is blocked.
//
// Rules: the function is the whole program of the thread, made from its text, so that a thread costs a few milliseconds
// and nothing of the runtime; the rest is loaded when there is something to tell. It must use nothing around it.

import type { CallFrameFacts } from "./block-watch.ts";

export interface WatchData {
  /** One number, which the event loop changes again and again. */
  readonly shared: SharedArrayBuffer;
  /** Of the module with `openPulse`. */
  readonly entry: string;
  readonly boot: unknown;
  /** What proofs to the daemon cover: see `DaemonLink`. */
  readonly daemonNonce: Uint8Array;
  /** A loop that has not moved for so long is blocked. */
  readonly blockedMs: number;
  readonly everyMs: number;
  /** While it is blocked, the daemon hears of it so often. */
  readonly pulseEveryMs: number;
}

/** What blocks the loop; `atMs` is when it began, since the epoch. */
export interface FoundBlock {
  readonly atMs: number;
  readonly operator: string;
  readonly index: number;
  readonly stack: string;
}

interface Frame {
  readonly functionName: string;
  readonly url: string;
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber?: number };
}

export function watchFromOutside(load: NodeJS.Require): void {
  const { workerData, parentPort } = load("node:worker_threads") as typeof import("node:worker_threads");
  const { Session } = load("node:inspector") as typeof import("node:inspector");
  const { shared, entry, boot, daemonNonce, blockedMs, everyMs, pulseEveryMs } = workerData as WatchData;
  const moved = new Int32Array(shared);
  let last = -1;
  let [sinceMs, tickedMs, saidMs] = [performance.now(), performance.now(), 0];
  let looking = false;
  let found: FoundBlock | undefined;
  let pulse: Promise<{ say(block: FoundBlock, forMs: number): Promise<void> }> | undefined;

  const tick = () => {
    const nowMs = performance.now();
    const isStarved = nowMs - tickedMs > blockedMs / 2; // this thread too: the machine was busy elsewhere, or asleep
    tickedMs = nowMs;
    const now = Atomics.load(moved, 0);
    if (now !== last || (isStarved && found === undefined)) {
      last = now;
      sinceMs = nowMs;
      found = undefined;
    } else if (nowMs - sinceMs >= blockedMs && !looking) {
      if (found === undefined) look(nowMs);
      else if (nowMs - saidMs >= pulseEveryMs) say(found, nowMs);
    }
  };

  const look = (nowMs: number) => {
    looking = true;
    const [seen, atMs] = [last, Date.now() - (nowMs - sinceMs)];
    const urls = new Map<string, string>();
    const session = new Session();
    const leave = () => {
      session.post("Debugger.disable");
      session.disconnect();
      looking = false;
    };
    session.connectToMainThread();
    session.on("Debugger.scriptParsed", ({ params }) => { urls.set(params.scriptId, params.url); });
    session.once("Debugger.paused", ({ params }) => {
      if (Atomics.load(moved, 0) !== seen) {
        session.post("Debugger.resume");
        return leave();
      }
      const frames = (params.callFrames as unknown as readonly Frame[]).slice(0, 50).map(({ functionName: call, url, location: { scriptId, lineNumber, columnNumber = 0 } }): CallFrameFacts => (
        { call, file: urls.get(scriptId) ?? url, line: lineNumber + 1, column: columnNumber + 1 }));
      const expression = `globalThis[Symbol.for("sage.block")]?.(${JSON.stringify(frames)})`;
      session.post("Runtime.evaluate", { expression, returnByValue: true }, (error, answer) => {
        session.post("Debugger.resume");
        leave();
        const text: unknown = error === null ? answer.result.value : undefined;
        if (typeof text !== "string") return;
        found = { ...(JSON.parse(text) as Omit<FoundBlock, "atMs">), atMs };
        parentPort?.postMessage(found);
        say(found, performance.now());
      });
    });
    session.post("Debugger.enable");
    session.post("Debugger.pause");
  };

  const say = (block: FoundBlock, nowMs: number) => {
    saidMs = nowMs;
    pulse ??= import(entry).then((module: { openPulse(of: unknown, daemonNonce: Uint8Array): Awaited<NonNullable<typeof pulse>> }) => module.openPulse(boot, daemonNonce));
    void pulse.then((daemon) => daemon.say(block, Date.now() - block.atMs)).catch(() => {}); // the worker itself says so when it can
  };

  setInterval(tick, everyMs);
}
