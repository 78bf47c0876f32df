// Writes jobs into a store without end and says on stdout which of them the store has acknowledged: to be killed.

import { newJobId } from "@sage/core";
import { openSqliteStore } from "../store/sqlite-store.ts";
import { recordOf, submissionOf } from "./records.ts";

const store = await openSqliteStore(process.argv[2] ?? "");

async function write(): Promise<never> {
  for (;;) {
    const job = await store.insert(recordOf(newJobId()), submissionOf("job"));
    process.stdout.write(`${job.jobId} initializing\n`);
    await store.save({ ...job, phase: "running" });
    process.stdout.write(`${job.jobId} running\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, write));
