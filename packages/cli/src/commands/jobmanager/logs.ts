import { logCommand } from "../../cluster/log-command.ts";

export const jobmanagerLogs = logCommand("jobmanager logs", "Show the end of the log of the JobManager on the cluster's head", "daemon", (session) => session.head);
