// `sage ray start | status | stop --config ray-config.yaml`: NoKube's three commands.
import type { OptionTable } from "../options.ts";
import { dryRunOption, type ClusterCall } from "./with-cluster.ts";

export const nokubeOptions = {
  config: { type: "string", value: "FILE", help: "the cluster's file, ray-config.yaml; default: the one in this folder" },
} as const satisfies OptionTable;
export const nokubeChangeOptions = { ...nokubeOptions, ...dryRunOption } as const satisfies OptionTable;

/** The file beside the caller, where none is named. */
export function nokubeCall<C extends ClusterCall & { readonly cwd: string }>(context: C): C {
  return { ...context, isNokube: true, options: { ...context.options, config: context.options.config ?? `${context.cwd}/ray-config.yaml` } };
}
