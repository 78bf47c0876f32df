// What a daemon says of itself, line by line.

import type { RayView, ServerInfoView } from "@sage/protocol";
import { counted, showDuration } from "./durations.ts";
import { paint, type Io, type Words } from "./io.ts";

/** @param security - how it is spoken to; empty: not worth a line. */
export function printServerInfo(info: ServerInfoView, { nowMs, security = "" }: { readonly nowMs: number; readonly security?: string }, io: Io): void {
  const field = (name: string, ...words: readonly Words[]) => io.line(paint("dim", `${name}:`.padEnd(11)), ...words);
  field("Version", info.version);
  if (security !== "") field("Security", security);
  field("Process", `${info.pid}, up ${showDuration(nowMs - info.startedAtMs)}`);
  field("Driver", info.driver);
  if (info.rayCluster) field("Ray", ...rayWords(info.rayCluster));
  field("Home", info.home);
  field("Logs", info.logDir);
  if (info.httpPort > 0) field("Dashboard", `port ${info.httpPort}: sage dashboard`);
  field("Jobs", jobsText(info.jobsByPhase));
}

/** With what is free, which `sage job show` says nothing of. */
function rayWords({ address, why, version, hosts, lostHosts, resources }: RayView): readonly Words[] {
  if (why !== "") return [paint("red", "out of the daemon's reach"), ` at ${address}: ${why}`];
  const free = resources.map(({ name, total, free }) => (name === "memory" ? `${gibibytes(free)} of ${gibibytes(total)} GiB of memory` : `${rounded(free)} of ${rounded(total)} ${name}`));
  const lost = lostHosts.length === 0 ? [] : ["; ", paint("red", `lost: ${lostHosts.join(", ")}`)];
  return [`${version} at ${address}, ${counted(hosts, "host")}, free: ${free.join(", ")}`, ...lost];
}

const rounded = (amount: number): number => Math.round(amount * 100) / 100;
const gibibytes = (bytes: number): number => Math.round((bytes / 2 ** 30) * 10) / 10;

function jobsText(byPhase: Readonly<Record<string, number>>): string {
  const parts = Object.entries(byPhase).filter(([, count]) => count > 0).map(([phase, count]) => `${count} ${phase.toLowerCase()}`);
  return parts.length === 0 ? "none" : parts.join(", ");
}
