import { statusCommand } from "../../cluster/start-stop.ts";

export const workerStatus = statusCommand("worker");
