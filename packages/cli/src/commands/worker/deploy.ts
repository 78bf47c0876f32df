import { deployCommand } from "../../cluster/deploy-command.ts";

export const workerDeploy = deployCommand("worker");
