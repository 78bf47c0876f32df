import { stopCommand } from "../../cluster/start-stop.ts";

export const workerStop = stopCommand("worker");
