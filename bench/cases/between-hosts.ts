// The keyed count with its two workers on two hosts of a Ray cluster, beside the same with both on this machine.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostsOf, newestJob, openRayBed, startDaemon, type OutsideDaemon } from "../../tests/e2e/ray-bed.ts";
import { keyedCountRun } from "./jobs.ts";
import { medianRatio, median, type CaseResult } from "./results.ts";

const rounds = 3;
const records = 8_000_000;

export async function betweenHostsCase(): Promise<CaseResult[]> {
  await using bed = await openRayBed({ prefix: "sagebh", net: "10.231.145.0/24", hasWorker: true, hostCount: 2 });
  const home = await mkdtemp(join(tmpdir(), "sage-bench-"));
  try {
    await using onHosts = await bed.startDaemon();
    await using here = await startDaemon(home);
    const rates = { hosts: [] as number[], here: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      rates.hosts.push(await keyedCount(onHosts, 2));
      rates.here.push(await keyedCount(here, 1));
    }
    return [{
      case: "ray: keyed count between two hosts", value: Math.round(median(rates.hosts)), unit: "records/s",
      peer: "between two local processes", peerValue: Math.round(median(rates.here)), ratio: medianRatio(rates.hosts, rates.here),
    }];
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
betweenHostsCase.cores = 2;

/** Records a second, from the moment that the workers are open; it is checked that so many hosts took part. */
async function keyedCount(daemon: OutsideDaemon, hosts: number): Promise<number> {
  const { flowMs } = await keyedCountRun(records, ["--remote", "--host", "127.0.0.1", "--port", String(daemon.port)]);
  const used = hostsOf(await newestJob(daemon));
  if (used.length !== hosts) throw new Error(`the job ran on ${used.join(", ")}, not on ${hosts} hosts`);
  return (records * 1_000) / flowMs;
}
