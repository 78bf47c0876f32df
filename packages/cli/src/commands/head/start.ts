import { startCommand } from "../../cluster/start-stop.ts";

export const headStart = startCommand("head");
