import { restartCommand } from "../../cluster/start-stop.ts";

export const workerRestart = restartCommand("worker");
