// The keyed count with its two workers on two hosts of a Ray cluster, beside the same with both on this machine.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { connectJobManager, type JobManagerClient } from "../../packages/jobmanager-client/src/index.ts";
import { openRayBed, startDaemon } from "../../tests/e2e/ray-bed.ts";
import { medianRatio, median, type CaseResult } from "./results.ts";
import { expectedSum } from "./wire.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const rounds = 3;
const records = 8_000_000;

export async function betweenHostsCase(): Promise<CaseResult[]> {
  await using bed = await openRayBed({ prefix: "sagebh", net: "10.145", hasWorker: true, hostCount: 2 });
  const home = await mkdtemp(join(tmpdir(), "sage-bench-"));
  try {
    await using onHosts = await bed.startDaemon();
    await using here = await startDaemon(home);
    await using hostsClient = await connectJobManager({ port: onHosts.port });
    await using hereClient = await connectJobManager({ port: here.port });
    const rates = { hosts: [] as number[], here: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      rates.hosts.push(await keyedCount(hostsClient, 2));
      rates.here.push(await keyedCount(hereClient, 1));
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

/** Records a second, from the moment that both workers are open; its sum is checked, and that so many hosts took part. */
async function keyedCount(client: JobManagerClient, hosts: number): Promise<number> {
  const job = await client.submit({ entry: pathToFileURL(join(root, "bench/programs/keyed-count.ts")), params: { records: String(records) } });
  await job.done();
  let said = "";
  for await (const { text } of job.logs({})) said += `${text}\n`;
  const sum = [...said.matchAll(/sum=(\d+)/g)].reduce((total, [, part]) => total + Number(part), 0);
  if (sum !== expectedSum(records)) throw new Error(`the job counted ${sum}, not ${expectedSum(records)}: ${said}`);
  const { operators } = await client.get(job.id);
  const used = new Set(operators.flatMap(({ instances }) => instances.map(({ host }) => host)));
  if (used.size !== hosts) throw new Error(`the job ran on ${[...used].join(", ")}, not on ${hosts} hosts`);
  return (records * 1_000) / Math.max(...[...said.matchAll(/flowMs=(\d+)/g)].map(([, ms]) => Number(ms)));
}
