import { isLoopback } from "@sage/core";
import { command } from "../../command.ts";
import { printReport, reportExitCode } from "../../cluster/print-report.ts";
import { remoteChangeOptions, startRemote } from "../../cluster/remote-daemon.ts";
import { toRfc3339 } from "../../durations.ts";
import { paint, type Io } from "../../io.ts";
import type { DaemonRecord } from "../../local-daemon/record.ts";
import { daemonPlan, homeOf, homeOption, listenOptions, rayOptions, timeoutOption } from "./home-options.ts";

export const startTimeoutMs = 30_000;

export const jobmanagerStart = command({
  path: "jobmanager start",
  summary: "Start a JobManager daemon on this machine",
  options: {
    ...remoteChangeOptions,
    ...listenOptions,
    ...rayOptions,
    ...homeOption,
    foreground: { type: "boolean", help: "stay: the daemon ends with this command, its log goes to the terminal" },
    ...timeoutOption("how long it may take to answer; default 30s"),
  },
  details: "If one runs in this home already, that is said, and all is well.",
  examples: ["sage jobmanager start", "sage jobmanager start --port 0 --json"],
  async run(context) {
    const { options, env, cwd, clock, signal, io } = context;
    if (options.remote) return { remote: await startRemote(context, options["dry-run"]) };
    const home = await homeOf(options.home, env, cwd);
    if (options["dry-run"]) return { planned: await plannedStart(home, options.host, options.port, env) };
    const plan = { home, ...(await daemonPlan(options, env)), clock, signal };
    if (options.foreground) {
      const { runInForeground } = await import("../../local-daemon/foreground.ts");
      return { ended: await runInForeground(plan, io) };
    }
    const { startDaemon } = await import("../../local-daemon/start.ts");
    return { home, ...(await startDaemon({ ...plan, timeoutMs: options.timeout ?? startTimeoutMs })) };
  },
  print(result, io) {
    if ("ended" in result) return;
    if ("remote" in result) return printReport(result.remote, io);
    if ("planned" in result) return io.line(result.planned);
    const { daemon, already, home } = result;
    io.line(`JobManager ${already ? "runs already" : "started"} at ${daemon.host}:${daemon.port} (pid ${daemon.pid}, home ${home})`);
    const port = daemon.port === 19_001 ? "" : ` --port ${daemon.port}`;
    io.note(`  run a program on it:  sage run FILE --remote${port}`);
    io.note(`  see its jobs:         sage job list${port}`);
    if (daemon.httpPort !== undefined) io.note("  look at it:           sage dashboard");
    io.note("  stop it:              sage jobmanager stop");
    sayWhoMayCall(daemon, home, io);
  },
  toJson: (result) => ("remote" in result ? result.remote : "planned" in result ? result : "ended" in result ? { exitCode: result.ended } : { ...daemonJson(result.daemon), already: result.already }),
  exitCode: (result) => ("remote" in result ? reportExitCode(result.remote) : "ended" in result && result.ended !== 0 ? 1 : 0),
});

/** What a start would do; nothing is made, neither token nor certificate. */
export async function plannedStart(home: string, host: string | undefined, port: number | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  const [{ livingDaemon }, { readDaemonAddress }] = await Promise.all([import("../../local-daemon/record.ts"), import("@sage/config/daemon-settings")]);
  const daemon = await livingDaemon(home);
  if (daemon) return `JobManager runs already at ${daemon.host}:${daemon.port} (pid ${daemon.pid}, home ${home})`;
  const settings = await readDaemonAddress({ env });
  return `would start a JobManager at ${host ?? settings.bindHost}:${port ?? settings.port} (home ${home})`;
}

/** A daemon that listens on more than loopback: what others need to call it. */
export function sayWhoMayCall({ host, tls }: DaemonRecord, home: string, io: Pick<Io, "note">): void {
  if (isLoopback(host)) return;
  if (!tls) return io.note(paint("yellow", "warning: "), `it listens on ${host} in clear text: who listens in on the network reads its token`);
  io.note(`  from other machines:  bring them its token and ca.pem (${home}/token, ${home}/tls/ca.pem, unless daemon.token and daemon.tls name others), and set daemon.host, daemon.token_file and daemon.tls.ca_file there`);
}

export function daemonJson({ pid, host, port, httpPort, startedAtMs, version, home, tls }: DaemonRecord): Record<string, unknown> {
  return { pid, host, port, tls: tls !== undefined, httpPort: httpPort ?? null, startedAt: toRfc3339(startedAtMs), version, home };
}
