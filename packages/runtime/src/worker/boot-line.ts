// Reads what a worker is told at its start, and watches for the end of the daemon that told it.

import { parseWorkerBoot, WorkerBootError, type WorkerBoot } from "@sage/protocol";
import type { Readable } from "node:stream";

/** No boot line is longer, in bytes. */
const longestLine = 256 * 1024;

export interface Booted {
  readonly boot: WorkerBoot;
  /** Resolves when stdin has ended: the daemon has gone. */
  readonly parentGone: Promise<void>;
}

/** @throws WorkerBootError when stdin ends without a line, or its line is wrong. */
export function readBootLine(stdin: Readable): Promise<Booted> {
  return new Promise((resolve, reject) => {
    let text = "";
    let gone: () => void;
    const parentGone = new Promise<void>((done) => { gone = done; });
    const onData = (chunk: Buffer) => {
      text += chunk.toString("utf8");
      const end = text.indexOf("\n");
      if (end < 0 && text.length <= longestLine) return;
      stdin.off("data", onData);
      stdin.on("data", () => {}); // keeps reading: else its end would not be seen
      try {
        if (end < 0) throw new WorkerBootError("it is too long");
        resolve({ boot: parseWorkerBoot(text.slice(0, end)), parentGone });
      } catch (error) {
        reject(error);
      }
    };
    const onEnd = () => {
      gone();
      reject(new WorkerBootError("stdin ended before it"));
    };
    stdin.on("data", onData).on("end", onEnd).on("close", onEnd).on("error", onEnd);
  });
}
