// The proxy variables of a host as the environment of its commands: one that holds a login goes by no way that `ps` shows.
import type { ClusterHost } from "@sage/config";
import { Secret, type CommandEnv } from "@sage/core";

export const proxyEnv = ({ proxy }: Pick<ClusterHost, "proxy">): CommandEnv =>
  Object.fromEntries(Object.entries(proxy).map(([name, value]) => [name, value.includes("@") ? new Secret(value) : value]));
