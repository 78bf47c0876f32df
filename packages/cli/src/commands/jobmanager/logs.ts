import { logCommand } from "../../cluster/log-command.ts";

export const jobmanagerLogs = logCommand("jobmanager logs", "Show the end of the JobManager's log", "daemon", (session) => session.head);
