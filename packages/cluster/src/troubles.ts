// What is wrong with a cluster, each cause once: forty workers that are down are one thing to do.
import type { HostStatus } from "./status.ts";

export interface Trouble {
  /** By their names. */
  readonly hosts: readonly string[];
  readonly why: string;
  readonly fix?: string;
}

type Told = Pick<HostStatus, "host" | "role" | "ray" | "why" | "fix">;

/** In the order of the hosts; those whose causes read alike are one trouble. */
export function troublesOf(hosts: readonly Told[]): Trouble[] {
  const alike = new Map<string, { readonly why: string; readonly group: Told[] }>();
  for (const host of hosts) {
    if (host.why === undefined) continue;
    const key = `${host.ray} ${host.why}`;
    const one = alike.get(key) ?? { why: host.why, group: [] };
    one.group.push(host);
    alike.set(key, one);
  }
  return [...alike.values()].map(({ why, group }) => {
    const fix = group.length === 1 ? group[0]!.fix : fixOfAll(group);
    return { hosts: group.map(({ host }) => host), why, ...(fix === undefined ? {} : { fix }) };
  });
}

function fixOfAll(group: readonly Told[]): string | undefined {
  const { ray, fix } = group[0]!;
  const start = group.some(({ role }) => role === "head") ? "sage cluster start" : "sage worker start";
  if (ray === "down") return `Start them: ${start}`;
  if (ray === "dead") return `Bring them back: ${start}`;
  return group.every((one) => one.fix === fix) ? fix : undefined;
}
