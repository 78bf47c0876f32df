import { startCommand } from "../../cluster/start-stop.ts";

export const clusterStart = startCommand("cluster");
