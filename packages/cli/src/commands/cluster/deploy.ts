import { deployCommand } from "../../cluster/deploy-command.ts";

export const clusterDeploy = deployCommand("cluster");
