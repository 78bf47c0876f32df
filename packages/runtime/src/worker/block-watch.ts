// Names the operator that blocks the worker's event loop for over a second, with its stack, while it does.
//
// A thread looks whether the event loop moves. When it does not, it stops this thread for a moment where it is, asks it
// (through a function that is global for that) which operator is at work, and tells the daemon, which thereby knows that
// the worker is alive. What it costs while nothing blocks: a timer of 100 ms on each side.
//
// Rule: a process that somebody debugs is left alone.

import { url as inspectorUrl } from "node:inspector";
import { Worker as Thread } from "node:worker_threads";
import type { WorkerBoot } from "@sage/protocol";
import { currentOperator } from "../current-operator.ts";
import { watchFromOutside, type FoundBlock, type WatchData } from "./block-watch-thread.ts";

/** A frame of a stack, as the inspector has it; line and column from 1. */
export interface CallFrameFacts {
  readonly call: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Block extends FoundBlock {
  readonly durationMs: number;
}

export interface BlockWatchOptions {
  readonly boot: WorkerBoot;
  /** Of {@link DaemonLink}. */
  readonly daemonNonce: Uint8Array;
  /** Of the module with `openPulse`, for the thread. */
  readonly entry: string;
  /** The frames of the user's code, one a line. */
  readonly stackOf: (frames: readonly CallFrameFacts[]) => string;
  /** A block is over. */
  readonly onBlock: (block: Block) => void;
}

const blockedMs = 1_000;
const everyMs = 100;
const pulseEveryMs = 5_000;
const hook = Symbol.for("sage.block");

/** Watches until it is disposed of; does nothing in a process with a debugger. */
export function watchBlocks({ boot, daemonNonce, entry, stackOf, onBlock }: BlockWatchOptions): Disposable {
  if (inspectorUrl() !== undefined) return { [Symbol.dispose]: () => {} };
  const shared = new SharedArrayBuffer(4);
  const moved = new Int32Array(shared);
  const global = globalThis as { [hook]?: (frames: readonly CallFrameFacts[]) => string };
  global[hook] = (frames) => {
    const { name: operator = "", index = boot.workerIndex } = currentOperator() ?? {};
    return JSON.stringify({ operator, index, stack: stackOf(frames) });
  };
  const data: WatchData = { shared, entry, boot, daemonNonce, blockedMs, everyMs, pulseEveryMs };
  const thread = new Thread(`(${watchFromOutside.toString()})(require)`, { eval: true, workerData: data, execArgv: [], env: process.env });
  thread.unref();
  thread.on("error", () => {}); // then nobody watches: no reason to end a job
  thread.on("message", (found: FoundBlock) => onBlock({ ...found, durationMs: Date.now() - found.atMs }));
  const beat = setInterval(() => { Atomics.add(moved, 0, 1); }, everyMs);
  beat.unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(beat);
      delete global[hook];
      void thread.terminate();
    },
  };
}
