import { isLoopback, isSageError } from "@sage/core";
import { serverInfoJson } from "@sage/protocol/json";
import { printStatus } from "../../cluster/print-status.ts";
import { remoteOptions, remoteStatus } from "../../cluster/remote-daemon.ts";
import { command } from "../../command.ts";
import { exitCodes } from "../../exit-code.ts";
import { paint } from "../../io.ts";
import { printServerInfo } from "../../server-info.ts";
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
    const security = isSafe ? "TLS" : isLoopback(host) ? "" : isThere ? "SSH" : "clear text";
    io.line(paint("green", "healthy"), `: JobManager at ${host}:${port}${isThere ? ", through SSH" : ""}`);
    printServerInfo(info, { nowMs, security }, io);
  },
  names: (result) => ("remote" in result ? result.remote.hosts.map(({ host }) => host) : [`${result.host}:${result.port}`]),
  toJson: (result) => ("remote" in result ? result.remote : { healthy: result.info !== undefined, host: result.host, port: result.port, ...(result.info ? serverInfoJson(result.info) : {}) }),
  exitCode: (result) => (("remote" in result ? result.remote.hosts[0]?.daemon?.state === "up" : result.info !== undefined) ? exitCodes.ok : exitCodes.unreachable),
});

/** The host is reached, and there is no daemon on it. */
function nobodyListens(error: unknown): undefined {
  if (isSageError(error) && error.code === "SAGE_DAEMON_UNREACHABLE") return undefined;
  throw error;
}
