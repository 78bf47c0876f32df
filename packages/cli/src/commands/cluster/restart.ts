import { restartCommand } from "../../cluster/start-stop.ts";

export const clusterRestart = restartCommand("cluster");
