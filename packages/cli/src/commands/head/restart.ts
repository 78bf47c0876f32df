import { restartCommand } from "../../cluster/start-stop.ts";

export const headRestart = restartCommand("head");
