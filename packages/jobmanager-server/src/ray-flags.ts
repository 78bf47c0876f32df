// The daemon's flags about Ray.

import { Secret } from "@sage/core";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { RayDashboardSettings, RaySettings } from "./compose.ts";
import { rayAddress } from "./scheduling/drivers/ray/ray-address.ts";
import { UsageError, wholeNumber } from "./usage.ts";

export const rayFlags = {
  "ray-address": { type: "string" }, "ray-dashboard": { type: "string" }, "ray-runs": { type: "string" }, "ray-start": { type: "boolean" }, "ray-placement": { type: "string" }, "advertise-host": { type: "string" }, "workers-port": { type: "string" },
  "data-ports": { type: "string" }, "warm-workers": { type: "string" }, "worker-path": { type: "string", multiple: true }, "node-path": { type: "string", multiple: true },
} as const;

type Values = { readonly [name in keyof typeof rayFlags]?: string | string[] | boolean | undefined };

/** Undefined: workers run on this host, without Ray. @throws UsageError, RayAddressError */
export async function raySettings(values: Values, env: NodeJS.ProcessEnv): Promise<RaySettings | undefined> {
  const text = (name: keyof typeof rayFlags) => values[name] as string | undefined;
  const address = text("ray-address") ?? env["SAGE_RAY_ADDRESS"];
  if (!address) return undefined;
  rayAddress(address);
  const placement = text("ray-placement") ?? "spread";
  if (placement !== "spread" && placement !== "pack") throw new UsageError(`--ray-placement is ${JSON.stringify(placement)}, neither spread nor pack`);
  const runs = text("ray-runs") ?? "all";
  if (runs !== "all" && runs !== "remote") throw new UsageError(`--ray-runs is ${JSON.stringify(runs)}, neither all nor remote`);
  const [advertiseHost, workersPort, ports] = [text("advertise-host"), text("workers-port"), text("data-ports")];
  const { token } = await rayToken(env);
  return {
    address, runs, startsOwn: values["ray-start"] === true, placement, warmWorkers: wholeNumber("--warm-workers", text("warm-workers") ?? "1", 1_024), entries: (values["worker-path"] ?? []) as string[], nodes: (values["node-path"] ?? []) as string[],
    ...(advertiseHost === undefined ? {} : { advertiseHost }),
    ...(workersPort === undefined ? {} : { workersPort: wholeNumber("--workers-port", workersPort, 65_535) }),
    ...(ports === undefined ? {} : { dataPorts: portRange(ports) }),
    ...(token ? { token } : {}),
  };
}

/** Ray's own dashboard, for the daemon's pages. Without a URL none was named. @throws UsageError */
export async function rayDashboard(values: Values, env: NodeJS.ProcessEnv): Promise<RayDashboardSettings> {
  const url = (values["ray-dashboard"] as string | undefined) ?? env["SAGE_RAY_DASHBOARD"];
  if (!url) return values["ray-address"] ?? env["SAGE_RAY_ADDRESS"] ? rayToken(env) : {};
  if (!/^https?:\/\/[^\s/]+\/?$/.test(url)) throw new UsageError(`--ray-dashboard is ${JSON.stringify(url)}, not like http://127.0.0.1:8265`);
  return { url, ...(await rayToken(env)) };
}

function portRange(text: string): { from: number; to: number } {
  const [from = "", to = from] = text.split("-");
  const range = { from: wholeNumber("--data-ports", from, 65_535), to: wholeNumber("--data-ports", to, 65_535) };
  if (range.from < 1 || range.to < range.from) throw new UsageError(`--data-ports is ${JSON.stringify(text)}, not a range of ports such as 20000-20999`);
  return range;
}

/** As Ray's own programs find it. */
async function rayToken(env: NodeJS.ProcessEnv): Promise<Omit<RayDashboardSettings, "url">> {
  if (env["RAY_AUTH_TOKEN"]) return { token: new Secret(env["RAY_AUTH_TOKEN"]), tokenPlace: "RAY_AUTH_TOKEN in the daemon's environment" };
  const path = env["RAY_AUTH_TOKEN_PATH"];
  const tokenPlace = path ?? join(homedir(), ".ray/auth_token");
  const text = await readFile(tokenPlace, "utf8").catch((error: unknown) => {
    if (path !== undefined) throw error;
    return "";
  });
  return text.trim() === "" ? {} : { token: new Secret(text.trim()), tokenPlace };
}
