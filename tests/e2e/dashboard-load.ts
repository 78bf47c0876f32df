// Much to show: a daemon's home with many jobs in it, and a look at how many frames a page draws meanwhile.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { newJobId } from "@sage/core";
import { recordOf, submissionOf } from "../../packages/jobmanager-server/src/testing/records.ts";
import { openSqliteStore } from "../../packages/jobmanager-server/src/store/sqlite-store.ts";

const beganAtMs = Date.UTC(2026, 10, 21, 12);

/** A home whose daemon, started later, knows so many ended jobs. */
export async function manyJobs(home: string, count: number): Promise<void> {
  await mkdir(join(home, "jobmanager"), { recursive: true });
  await using store = await openSqliteStore(join(home, "jobmanager", "state.db"));
  await Promise.all(Array.from({ length: count }, async (_, index) => {
    const phase = (["completed", "failed", "stopped"] as const)[index % 3]!;
    const startedAtMs = beganAtMs + index * 1_000;
    await store.insert({
      ...recordOf(newJobId()), name: `job ${index + 1} of many`, phase, startedAtMs, submittedAtMs: startedAtMs, endedAtMs: startedAtMs + index, released: true,
      history: [{ phase: "initializing", atMs: startedAtMs, reason: "submitted" }, { phase, atMs: startedAtMs + index, reason: "" }],
    }, submissionOf(`job ${index + 1}`));
  }));
}

export interface Frames {
  readonly frames: number;
  readonly longestMs: number;
  /** CPU time of the page's main thread meanwhile: it says the same on a busy machine, where frames wait for others. */
  readonly cpuMs: number;
}

/** Frames that the page draws in a second of doing something again and again, and the longest pause between two. */
export async function framesOf(page: Page, again: () => Promise<unknown>): Promise<Frames> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const threadMs = async () => ((await devtools.send("Performance.getMetrics")).metrics.find(({ name }) => name === "ThreadTime")?.value ?? 0) * 1_000;
  const beforeMs = await threadMs();
  // As text: it runs in the page, whose functions this project's types do not know.
  const counting = page.evaluate<{ frames: number; longestMs: number }>(`new Promise((resolve) => {
    const begin = performance.now();
    let [frames, last, longestMs] = [0, begin, 0];
    const next = (now) => {
      frames++;
      longestMs = Math.max(longestMs, now - last);
      last = now;
      if (now - begin < 1000) requestAnimationFrame(next);
      else resolve({ frames, longestMs: Math.round(longestMs) });
    };
    requestAnimationFrame(next);
  })`);
  let over = false;
  void counting.finally(() => { over = true; });
  while (!over) await again();
  const counted = await counting;
  const cpuMs = Math.round((await threadMs()) - beforeMs);
  await devtools.detach();
  return { ...counted, cpuMs };
}
