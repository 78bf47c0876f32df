// What a command did on each host, for people: a line a host, and under those that failed the cause and the fix.
import type { ClusterReport, HostReport } from "@sage/cluster";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import { paint, type Io, type StyleName } from "../io.ts";

const words: Readonly<Record<HostReport["state"], readonly [string, StyleName]>> = {
  same: ["ok", "green"], changed: ["done", "green"], planned: ["would", "yellow"], failed: ["failed", "red"],
};

export function printReport({ hosts }: ClusterReport, io: Io): void {
  const width = Math.max(...hosts.map(({ host }) => host.length), 4);
  for (const { host, role, state, text, fix, tookMs } of hosts) {
    const [word, style] = words[state];
    const took = state === "changed" ? `  (${(tookMs / 1000).toFixed(1)} s)` : "";
    io.line(`${host.padEnd(width)}  ${role.padEnd(6)}  `, paint(style, word.padEnd(6)), `  ${text}${took}`);
    if (state === "failed" && fix !== undefined) io.line(`${" ".repeat(width)}  `, paint("cyan", "next: "), fix);
  }
  const failed = hosts.filter(({ state }) => state === "failed");
  if (failed.length > 0) io.note(paint("red", `${failed.length} of ${hosts.length} hosts failed: ${failed.map(({ host }) => host).join(", ")}`));
}

/** 0: all well; 4: no host could be reached; 5: some hosts failed. */
export function reportExitCode({ hosts }: ClusterReport): ExitCode {
  const failed = hosts.filter(({ state }) => state === "failed");
  if (failed.length === 0) return exitCodes.ok;
  return failed.length === hosts.length && failed.every(({ code }) => code !== undefined && /UNREACHABLE$|^SAGE_HEAD_DOWN$/.test(code)) ? exitCodes.unreachable : exitCodes.partial;
}
