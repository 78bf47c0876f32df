import { logCommand } from "../../cluster/log-command.ts";

export const headLogs = logCommand("head logs", "Show the end of the head's Ray logs", "ray", (session) => session.head);
