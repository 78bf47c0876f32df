import { stopCommand } from "../../cluster/start-stop.ts";

export const headStop = stopCommand("head");
