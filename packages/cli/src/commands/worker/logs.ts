import { logCommand } from "../../cluster/log-command.ts";
import { UsageError } from "../../errors.ts";

export const workerLogs = logCommand("worker logs", "Show the end of one worker's Ray logs", "ray", (session, host) => {
  const [only, ...others] = session.workers;
  if (host === undefined && (only === undefined || others.length > 0)) throw new UsageError("which worker?", "Name it: --host HOST.");
  return host === undefined ? only! : session.find(host);
}, true);
