import { command } from "../../command.ts";
import { printReport, reportExitCode } from "../../cluster/print-report.ts";
import { remoteChangeOptions, restartRemote } from "../../cluster/remote-daemon.ts";
import { daemonPlan, homeOf, homeOption, listenOptions, rayOptions, timeoutOption } from "./home-options.ts";
import { daemonJson, plannedStart, sayWhoMayCall, startTimeoutMs } from "./start.ts";
import { plannedStop, stopTimeoutMs } from "./stop.ts";

export const jobmanagerRestart = command({
  path: "jobmanager restart",
  summary: "Stop the daemon of this machine and start it again, on the same address",
  options: { ...remoteChangeOptions, ...listenOptions, ...rayOptions, ...homeOption, ...timeoutOption("how long each half may take; default 30s") },
  async run(context) {
    const { options, env, cwd, clock, signal } = context;
    if (options.remote) return { remote: await restartRemote(context, options["dry-run"]) };
    const home = await homeOf(options.home, env, cwd);
    if (options["dry-run"]) return { planned: await plannedRestart(home, options.host, options.port, env) };
    const [{ stopDaemon }, { startDaemon }, { readRecord }] = await Promise.all([import("../../local-daemon/stop.ts"), import("../../local-daemon/start.ts"), import("../../local-daemon/record.ts")]);
    const former = await readRecord(home); // also of one that died
    await stopDaemon({ home, timeoutMs: options.timeout ?? stopTimeoutMs, clock, signal });
    const plan = await daemonPlan({ ...options, host: options.host ?? former?.host, port: options.port ?? former?.port, "http-port": options["http-port"] ?? former?.httpPort }, env);
    return { home, ...(await startDaemon({ home, ...plan, clock, signal, timeoutMs: options.timeout ?? startTimeoutMs })) };
  },
  print(result, io) {
    if ("remote" in result) return printReport(result.remote, io);
    if ("planned" in result) return io.line(result.planned);
    const { daemon, home } = result;
    io.line(`JobManager restarted at ${daemon.host}:${daemon.port} (pid ${daemon.pid}, home ${home})`);
    sayWhoMayCall(daemon, home, io);
  },
  toJson: (result) => ("remote" in result ? result.remote : "planned" in result ? result : daemonJson(result.daemon)),
  exitCode: (result) => ("remote" in result ? reportExitCode(result.remote) : 0),
});

async function plannedRestart(home: string, host: string | undefined, port: number | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  const stop = await plannedStop(home);
  return stop.startsWith("would") ? `${stop} and start it again` : plannedStart(home, host, port, env);
}
