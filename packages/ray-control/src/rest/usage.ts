// What the dashboard says of the use of each node: Ray's resources, and the machine under them. Pure.

export interface ResourceUse {
  /** By Ray's names; memory and object_store_memory in bytes. */
  readonly name: string;
  readonly used: number;
  readonly total: number;
}

export interface MachineUse {
  readonly hostname: string;
  readonly cpus: number;
  /** Of all its CPUs, 0 to 1. */
  readonly cpuRatio: number;
  readonly memoryBytes: number;
  readonly memoryUsedBytes: number;
  /** Of the file system with `/`. */
  readonly diskBytes: number;
  readonly diskUsedBytes: number;
  /** The node's own clock when it measured this, in milliseconds since the epoch. */
  readonly clockMs: number;
}

export interface NodeUse {
  readonly nodeId: string;
  /** Empty until Ray's autoscaler has counted: some seconds after the start, and in some versions until the first task. */
  readonly resources: readonly ResourceUse[];
  /** Undefined where Ray's agent has reported nothing, as with a Ray without its `default` extra. */
  readonly machine: MachineUse | undefined;
}

type Row = Readonly<Record<string, unknown>>;

/** @param data - of the answer to `/nodes?view=summary`. */
export function parseNodeUse(data: Row): NodeUse[] {
  const logical = rowOf(data["nodeLogicalResources"]);
  const rows = Array.isArray(data["summary"]) ? (data["summary"] as unknown[]).map(rowOf) : [];
  return rows.flatMap((row) => {
    const nodeId = rowOf(row["raylet"])["nodeId"];
    return typeof nodeId === "string" ? [{ nodeId, resources: parseResourceUse(logical[nodeId]), machine: machineOf(row) }] : [];
  });
}

/** `0.5/4.0 CPU\n0B/22.10GiB memory`, as Ray writes it for people. */
export function parseResourceUse(text: unknown): ResourceUse[] {
  if (typeof text !== "string") return [];
  return text.split("\n").flatMap((line) => {
    const [, used = "", total = "", name = ""] = /^\s*([\d.]+(?:[KMGTP]?i?B)?)\/([\d.]+(?:[KMGTP]?i?B)?) ([^\s(]+)/.exec(line) ?? [];
    return name === "" ? [] : [{ name, used: amount(used), total: amount(total) }];
  });
}

function amount(text: string): number {
  const [, number = "0", unit = ""] = /^([\d.]+)([KMGTP]?)i?B?$/.exec(text) ?? [];
  return Math.round(Number(number) * 1_024 ** ["", "K", "M", "G", "T", "P"].indexOf(unit) * 1_000) / 1_000;
}

function machineOf({ hostname, cpu, cpus, mem, disk, now }: Row): MachineUse | undefined {
  const [memoryBytes, , , memoryUsedBytes] = numbersOf(mem);
  const [cpuCount] = numbersOf(cpus);
  if (memoryBytes === undefined || typeof now !== "number") return undefined;
  const root = rowOf(rowOf(disk)["/"]);
  const [diskBytes, freeBytes] = [Number(root["total"] ?? 0), Number(root["free"] ?? 0)];
  return {
    hostname: typeof hostname === "string" ? hostname : "", cpus: cpuCount ?? 0, cpuRatio: typeof cpu === "number" ? Math.min(1, cpu / 100) : 0,
    memoryBytes, memoryUsedBytes: memoryUsedBytes ?? 0, diskBytes, diskUsedBytes: Math.max(0, diskBytes - freeBytes), clockMs: now * 1_000,
  };
}

const rowOf = (value: unknown): Row => (typeof value === "object" && value !== null ? (value as Row) : {});
const numbersOf = (value: unknown): readonly number[] => (Array.isArray(value) ? value.filter((each): each is number => typeof each === "number") : []);
