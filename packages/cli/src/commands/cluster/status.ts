import { statusCommand } from "../../cluster/start-stop.ts";

export const clusterStatus = statusCommand("cluster");
