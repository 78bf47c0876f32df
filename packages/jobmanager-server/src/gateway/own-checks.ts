// What the daemon finds wrong with its own machine, in the form of `sage doctor`. Pure.

import type { FindingJson, HostJson } from "@sage/protocol/json";

const leastFreeDisk = 0.05;
const leastFreeMemory = 0.05;
/** Runnable tasks for each CPU, over a quarter of an hour. */
const muchLoad = 2;

/** One finding for each thing that is looked at, good or bad. */
export function ownChecks(host: HostJson): readonly FindingJson[] {
  const { name, disk, memoryBytes, memoryFreeBytes, load, cpus } = host;
  const finding = (check: string, bad: false | string, good: string, fix: string): FindingJson =>
    ({ host: name, check, state: bad === false ? "ok" : "warning", what: bad === false ? good : bad, fix: bad === false ? "" : fix });
  const [, , long = 0] = load;
  return [
    ...(disk && disk.sizeBytes > 0 ? [finding("disk", disk.freeBytes / disk.sizeBytes < leastFreeDisk && `${percent(disk.freeBytes / disk.sizeBytes)} of the disk with the daemon's home is free: checkpoints and logs need room`, `${percent(disk.freeBytes / disk.sizeBytes)} of the disk is free`, "Free some, or delete old jobs: sage job cleanup")] : []),
    finding("memory", memoryFreeBytes / memoryBytes < leastFreeMemory && `${percent(memoryFreeBytes / memoryBytes)} of the memory is free`, `${percent(memoryFreeBytes / memoryBytes)} of the memory is free`, "Workers may be killed by the system. Run fewer of them, or add memory."),
    finding("load", long / Math.max(1, cpus) > muchLoad && `${long.toFixed(1)} tasks have wanted ${cpus} CPUs over the last 15 minutes`, `${long.toFixed(1)} tasks on ${cpus} CPUs over the last 15 minutes`, "Jobs slow one another down. Add hosts, or lower their parallelism."),
  ];
}

const percent = (ratio: number): string => `${Math.round(ratio * 100)} %`;
