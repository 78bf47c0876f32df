import { command } from "../../command.ts";
import { homeOf, homeOption, timeoutOption } from "./home-options.ts";

export const stopTimeoutMs = 30_000;

export const jobmanagerStop = command({
  path: "jobmanager stop",
  summary: "Stop the JobManager daemon of this machine",
  options: { ...homeOption, ...timeoutOption("how long it may take to end by itself before it is killed; default 30s") },
  details: "Ends exactly the process that the home's record names. Without one, that is said, and all is well.",
  async run({ options, env, cwd, clock, signal }) {
    const home = await homeOf(options.home, env, cwd);
    const { stopDaemon } = await import("../../local-daemon/stop.ts");
    return { home, ...(await stopDaemon({ home, timeoutMs: options.timeout ?? stopTimeoutMs, clock, signal })) };
  },
  print({ daemon, killed, home }, io) {
    if (!daemon) io.line(`no JobManager runs in ${home}`);
    else io.line(`JobManager at ${daemon.host}:${daemon.port} (pid ${daemon.pid}) ${killed ? "was killed: it did not end by itself" : "stopped"}`);
  },
  toJson: ({ home, daemon, killed }) => ({ home, stopped: daemon !== undefined, pid: daemon?.pid ?? null, killed }),
});
