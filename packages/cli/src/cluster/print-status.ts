// The state of a cluster, for people.
import type { ClusterStatus, HostStatus } from "@sage/cluster";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import { paint, type Io, type StyleName } from "../io.ts";
import { renderTable } from "../table.ts";

const styles: Readonly<Record<HostStatus["ray"], StyleName>> = { up: "green", starting: "yellow", dead: "red", down: "red", unknown: "red" };

export function printStatus(status: ClusterStatus, io: Io): void {
  const { hosts, rayVersion, used } = status;
  const up = hosts.filter(isUp);
  const word = up.length === hosts.length ? "up" : hosts.some(({ ray }) => ray === "up") ? "degraded" : "down";
  const others = [...new Set(hosts.flatMap(({ total = {} }) => Object.keys(total)))].filter((name) => !["CPU", "memory", "object_store_memory"].includes(name) && !name.startsWith("accelerator_type:")).sort();
  const headIsThere = rayVersion !== undefined;
  io.line(paint("bold", `cluster ${status.cluster}: `), paint(word === "up" ? "green" : word === "down" ? "red" : "yellow", word), `, ${up.length} of ${hosts.length} hosts up${headIsThere ? `, Ray ${rayVersion} at ${status.headAddress}` : ""}`);
  io.rawLines(renderTable(hosts, [
    { title: "HOST", value: ({ host }) => host },
    { title: "ROLE", value: ({ role }) => role },
    { title: "SSH", value: ({ ssh }) => ssh, style: ({ ssh }) => (ssh === "ok" ? undefined : "red") },
    { title: "RAY", value: ({ ray }) => ray, style: ({ ray }) => styles[ray] },
    { title: "ADDRESS", value: ({ nodeAddress }) => nodeAddress },
    { title: "CPUS", value: ({ total }) => total?.["CPU"], align: "right" },
    { title: "FREE", value: ({ free }) => free?.["CPU"], align: "right" },
    ...others.map((name) => ({ title: name === "GPU" ? "GPUS FREE" : `${name} FREE`.toUpperCase(), value: ({ total, free }: HostStatus) => (total?.[name] === undefined ? undefined : `${free?.[name] ?? "?"} of ${total[name]}`), align: "right" as const })),
    { title: "STORE", value: ({ total }) => size(total?.["object_store_memory"]), align: "right" },
    { title: "DISK FREE", value: ({ diskFreeBytes }) => size(diskFreeBytes), align: "right" },
    { title: "CLOCK", value: clockOf, align: "right" },
  ], io.width, io.paint));
  const cpus = hosts.reduce((sum, { total }) => sum + (total?.["CPU"] ?? 0), 0);
  if (headIsThere && cpus > 0) io.line(`in use: ${used?.["CPU"] ?? "?"} of ${cpus} CPUs`);
  const daemon = hosts.find((host) => host.daemon)?.daemon;
  if (daemon) printDaemon(daemon, io);
  if (status.strangers.length > 0) {
    io.line(paint("yellow", `also in this Ray, but not in the configuration: ${status.strangers.join(", ")}`));
    io.line(paint("cyan", "  next: "), `if \`sage cluster scale add\` was cut short there: sage cluster scale add ${status.strangers[0]}, or sage cluster scale remove ${status.strangers[0]}`);
  }
  for (const { hosts: [first, ...more], why, fix } of status.troubles) {
    const names = more.length > 3 ? `${first} and ${more.length} more` : [first, ...more].join(", ");
    io.line(paint("red", `${names}: `), why);
    if (fix !== undefined) io.line(paint("cyan", "  next: "), fix);
  }
}

function printDaemon({ state, port, version, security, why, jobs = {} }: NonNullable<HostStatus["daemon"]>, io: Io): void {
  const running = Object.entries(jobs).filter(([, count]) => count > 0).map(([phase, count]) => `${count} ${phase.toLowerCase()}`);
  const more = state === "up" ? `, version ${version}, port ${port}${security === undefined ? "" : `, ${security}`}, jobs: ${running.length > 0 ? running.join(", ") : "none"}` : state === "silent" ? `: its process runs, but it does not answer at port ${port}${why ? ` (${why})` : ""}` : "";
  io.line("JobManager: ", paint(state === "up" ? "green" : state === "down" ? "dim" : "red", state), more);
}

/** A host that Ray still counts, and that nobody reaches, is not. */
const isUp = ({ ray, ssh }: HostStatus): boolean => ray === "up" && ssh === "ok";

/** 0: every host is up; 4: none is; 5: some are not. */
export function statusExitCode({ hosts }: ClusterStatus): ExitCode {
  const up = hosts.filter(isUp).length;
  return up === hosts.length ? exitCodes.ok : up === 0 ? exitCodes.unreachable : exitCodes.partial;
}

/** `+300 ms`: ahead by so much. `±20 ms`: no difference within what could be measured. */
function clockOf({ clockOffsetMs: offset, clockErrorMs: error = 0 }: HostStatus): string | undefined {
  if (offset === undefined) return undefined;
  return Math.abs(offset) <= error ? `±${error} ms` : `${offset > 0 ? "+" : ""}${offset} ms`;
}

function size(bytes: number | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const [divisor, unit] = bytes >= 1024 ** 3 ? [1024 ** 3, "GiB"] : [1024 ** 2, "MiB"];
  return `${(bytes / divisor).toFixed(1)} ${unit}`;
}
