import { command } from "../../command.ts";
import { homeOf, homeOption, listenAddress, listenOptions, timeoutOption } from "./home-options.ts";
import { daemonJson, startTimeoutMs } from "./start.ts";
import { stopTimeoutMs } from "./stop.ts";

export const jobmanagerRestart = command({
  path: "jobmanager restart",
  summary: "Stop the daemon of this machine and start it again, on the same address",
  options: { ...listenOptions, ...homeOption, ...timeoutOption("how long each half may take; default 30s") },
  async run({ options, env, cwd, clock, signal }) {
    const home = await homeOf(options.home, env, cwd);
    const [{ stopDaemon }, { startDaemon }, { readRecord }] = await Promise.all([import("../../local-daemon/stop.ts"), import("../../local-daemon/start.ts"), import("../../local-daemon/record.ts")]);
    const former = await readRecord(home); // also of one that died
    await stopDaemon({ home, timeoutMs: options.timeout ?? stopTimeoutMs, clock, signal });
    const address = await listenAddress({ host: options.host ?? former?.host, port: options.port ?? former?.port, "http-port": options["http-port"] ?? former?.httpPort }, env);
    return { home, ...(await startDaemon({ home, ...address, env, clock, signal, timeoutMs: options.timeout ?? startTimeoutMs })) };
  },
  print: ({ daemon, home }, io) => io.line(`JobManager restarted at ${daemon.host}:${daemon.port} (pid ${daemon.pid}, home ${home})`),
  toJson: ({ daemon }) => daemonJson(daemon),
});
