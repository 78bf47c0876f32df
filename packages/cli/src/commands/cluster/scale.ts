import { addCommand, removeCommand } from "../../cluster/scale-commands.ts";

export const clusterScaleAdd = addCommand("cluster scale add");
export const clusterScaleRemove = removeCommand("cluster scale remove");
