import { statusCommand } from "../../cluster/start-stop.ts";

export const headStatus = statusCommand("head");
