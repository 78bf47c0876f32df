import { test } from "vitest";
import { startDaemon } from "@sage/jobmanager-server";
import { connectJobManager } from "@sage/jobmanager-client";
import { mkdtemp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
const workerEntry = fileURLToPath(new URL("../../runtime/dist/worker.mjs", import.meta.url));
test("real", async () => {
  const home = await mkdtemp("/tmp/sage-e2e-");
  const daemon = await startDaemon({ port: 0, workerEntry, home } as never);
  const client = await connectJobManager({ port: daemon.port });
  try {
    const entry = fileURLToPath(new URL("./tmp-main.ts", import.meta.url));
    for (const mode of ["loop", "flood", "fail", "exit", "oom", "mismatch"]) {
    const t = performance.now();
    const job = await client.submit({ entry, params: { mode } } as never);
    const lines: string[] = [];
    const logs = (async () => { for await (const l of job.logs({ follow: true })) lines.push(`${l.operator}#${l.index} ${l.stream}: ${l.text}`); })();
    const result = await job.done({ timeoutMs: 60000 } as never).catch((e: any) => e);
    console.log(mode, "ms", performance.now() - t, result instanceof Error ? result.message + "\n" + JSON.stringify((result as any).failure) : JSON.stringify(result).slice(0, 600));
    await logs; console.log(lines.length, lines.slice(0, 6).join("\n").slice(0, 600));
    }
  } finally { await client.close(); await daemon[Symbol.asyncDispose](); await rm(home, { recursive: true, force: true }); }
}, 120000);
