import { startCommand } from "../../cluster/start-stop.ts";

export const workerStart = startCommand("worker");
