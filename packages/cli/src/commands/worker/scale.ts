import { addCommand, removeCommand } from "../../cluster/scale-commands.ts";

export const workerAdd = addCommand("worker add");
export const workerRemove = removeCommand("worker remove");
