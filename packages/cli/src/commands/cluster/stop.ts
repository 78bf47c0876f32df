import { stopCommand } from "../../cluster/start-stop.ts";

export const clusterStop = stopCommand("cluster");
