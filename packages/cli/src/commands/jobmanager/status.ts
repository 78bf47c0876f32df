import { isLoopback, isSageError } from "@sage/core";
import { serverInfoJson } from "@sage/protocol/json";
import type { RayView } from "@sage/protocol";
import { printStatus } from "../../cluster/print-status.ts";
import { remoteOptions, remoteStatus } from "../../cluster/remote-daemon.ts";
import { command } from "../../command.ts";
import { showDuration } from "../../durations.ts";
import { exitCodes } from "../../exit-code.ts";
import { paint, type Words } from "../../io.ts";
import { homeOf, homeOption } from "./home-options.ts";

export const jobmanagerStatus = command({
  path: "jobmanager status",
  summary: "Say whether the JobManager daemon answers, and what it does",
  reads: true,
  options: {
    ...remoteOptions,
    host: { type: "string", value: "HOST", help: "ask the daemon at this host instead of this home's" },
    port: { type: "integer", value: "PORT", max: 65_535, help: "ask the daemon at this port instead of this home's" },
    ...homeOption,
  },
  details: "Exit code: 0 when it is healthy, 4 when it is down.",
  async run(context) {
    const { options, env, cwd, clock, signal } = context;
    if (options.remote) return { remote: await remoteStatus(context) };
    const home = await homeOf(options.home, env, cwd);
    const [{ readRecord }, { askDaemon }, { configuredDaemon, recordedDaemon }] = await Promise.all([import("../../local-daemon/record.ts"), import("../../local-daemon/probe.ts"), import("../../connect.ts")]);
    const isNamed = options.host !== undefined || options.port !== undefined;
    const own = isNamed ? undefined : await readRecord(home);
    const daemon = own ? await recordedDaemon(own, env) : await configuredDaemon(options, env);
    const way = own ? { address: undefined } : await context.reach({ host: daemon.host, port: daemon.port }).then((address) => ({ address }), nobodyListens);
    const called = way && daemon.at(way.address);
    const info = called && (await askDaemon(called, { ray: true, signal }));
    return { host: daemon.host, port: daemon.port, isThere: way?.address !== undefined || !way, isSafe: called?.tls !== undefined, info, nowMs: clock.now() };
  },
  print(result, io) {
    if ("remote" in result) return printStatus(result.remote, io);
    const { host, port, isThere, isSafe, info, nowMs } = result;
    if (!info) {
      io.line(paint("red", "down"), `: no JobManager answers at ${host}:${port}`);
      io.note(paint("cyan", "  next: "), isThere ? "sage deploy start --daemon-only" : "sage jobmanager start");
      return;
    }
    const field = (name: string, ...words: readonly Words[]) => io.line(paint("dim", `${name}:`.padEnd(11)), ...words);
    io.line(paint("green", "healthy"), `: JobManager at ${host}:${port}${isThere ? ", through SSH" : ""}`);
    field("Version", info.version);
    if (isSafe || !isLoopback(host)) field("Security", isSafe ? "TLS" : isThere ? "SSH" : "clear text");
    field("Process", `${info.pid}, up ${showDuration(nowMs - info.startedAtMs)}`);
    field("Driver", info.driver);
    if (info.rayCluster) field("Ray", ...rayWords(info.rayCluster));
    field("Home", info.home);
    field("Logs", info.logDir);
    if (info.httpPort > 0) field("Dashboard", `port ${info.httpPort}: sage dashboard`);
    field("Jobs", jobsText(info.jobsByPhase));
  },
  names: (result) => ("remote" in result ? result.remote.hosts.map(({ host }) => host) : [`${result.host}:${result.port}`]),
  toJson: (result) => ("remote" in result ? result.remote : { healthy: result.info !== undefined, host: result.host, port: result.port, ...(result.info ? serverInfoJson(result.info) : {}) }),
  exitCode: (result) => (("remote" in result ? result.remote.hosts[0]?.daemon?.state === "up" : result.info !== undefined) ? exitCodes.ok : exitCodes.unreachable),
});

/** With what is free, which `sage job show` says nothing of. */
function rayWords({ address, why, version, hosts, lostHosts, resources }: RayView): readonly Words[] {
  if (why !== "") return [paint("red", "out of the daemon's reach"), ` at ${address}: ${why}`];
  const free = resources.map(({ name, total, free }) => (name === "memory" ? `${gibibytes(free)} of ${gibibytes(total)} GiB of memory` : `${rounded(free)} of ${rounded(total)} ${name}`));
  const lost = lostHosts.length === 0 ? [] : ["; ", paint("red", `lost: ${lostHosts.join(", ")}`)];
  return [`${version} at ${address}, ${hosts} ${hosts === 1 ? "host" : "hosts"}, free: ${free.join(", ")}`, ...lost];
}

const rounded = (amount: number): number => Math.round(amount * 100) / 100;
const gibibytes = (bytes: number): number => Math.round((bytes / 2 ** 30) * 10) / 10;

function jobsText(byPhase: Readonly<Record<string, number>>): string {
  const parts = Object.entries(byPhase).filter(([, count]) => count > 0).map(([phase, count]) => `${count} ${phase.toLowerCase()}`);
  return parts.length === 0 ? "none" : parts.join(", ");
}

/** The host is reached, and there is no daemon on it. */
function nobodyListens(error: unknown): undefined {
  if (isSageError(error) && error.code === "SAGE_DAEMON_UNREACHABLE") return undefined;
  throw error;
}
