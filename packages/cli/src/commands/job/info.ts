import { serverInfoJson } from "@sage/protocol/json";
import { command } from "../../command.ts";
import { printServerInfo } from "../../server-info.ts";

export const jobInfo = command({
  path: "job info",
  summary: "Show what the daemon says of itself: version, home, logs, driver, jobs by status",
  onDaemon: true,
  reads: true,
  async run({ connect, clock, signal }) {
    const client = await connect();
    return { info: await client.serverInfo({ signal }), nowMs: clock.now() };
  },
  print: ({ info, nowMs }, io) => printServerInfo(info, { nowMs }, io),
  names: ({ info }) => [info.sessionId],
  toJson: ({ info }) => serverInfoJson(info),
});
