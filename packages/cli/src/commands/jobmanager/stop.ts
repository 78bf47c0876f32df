import { command } from "../../command.ts";
import { printReport, reportExitCode } from "../../cluster/print-report.ts";
import { remoteChangeOptions, stopRemote } from "../../cluster/remote-daemon.ts";
import { homeOf, homeOption, timeoutOption } from "./home-options.ts";

export const stopTimeoutMs = 30_000;

export const jobmanagerStop = command({
  path: "jobmanager stop",
  summary: "Stop the JobManager daemon of this machine",
  options: { ...remoteChangeOptions, ...homeOption, ...timeoutOption("how long it may take to end by itself before it is killed; default 30s") },
  details: "Ends exactly the process that the home's record names. Without one, that is said, and all is well.",
  async run(context) {
    const { options, env, cwd, clock, signal } = context;
    if (options.remote) return { remote: await stopRemote(context, options["dry-run"]) };
    const home = await homeOf(options.home, env, cwd);
    if (options["dry-run"]) return { planned: await plannedStop(home) };
    const { stopDaemon } = await import("../../local-daemon/stop.ts");
    return { home, ...(await stopDaemon({ home, timeoutMs: options.timeout ?? stopTimeoutMs, clock, signal })) };
  },
  print(result, io) {
    if ("remote" in result) return printReport(result.remote, io);
    if ("planned" in result) return io.line(result.planned);
    const { daemon, killed, home } = result;
    if (!daemon) io.line(`no JobManager runs in ${home}`);
    else io.line(`JobManager at ${daemon.host}:${daemon.port} (pid ${daemon.pid}) ${killed ? "was killed: it did not end by itself" : "stopped"}`);
  },
  toJson: (result) => ("remote" in result ? result.remote : "planned" in result ? result : { home: result.home, stopped: result.daemon !== undefined, pid: result.daemon?.pid ?? null, killed: result.killed }),
  exitCode: (result) => ("remote" in result ? reportExitCode(result.remote) : 0),
});

export async function plannedStop(home: string): Promise<string> {
  const { livingDaemon } = await import("../../local-daemon/record.ts");
  const daemon = await livingDaemon(home);
  return daemon ? `would stop the JobManager at ${daemon.host}:${daemon.port} (pid ${daemon.pid})` : `no JobManager runs in ${home}`;
}
