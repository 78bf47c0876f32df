// The address of a Ray cluster as people give it to the daemon, and which way it means. Pure.

import { RayAddressError, parseRayAddress } from "@sage/ray-control";

/** Whether it is the dashboard's: then a driver that runs as a Ray Job is the way. */
export const isDashboard = (address: string): boolean => /^https?:\/\//i.test(address);

/**
 * The address in full.
 *
 * @param address - `ray://host:port`, `http://host:port` or `https://host:port` of the dashboard, or `auto` for this host.
 * @throws RayAddressError
 */
export function rayAddress(address: string): string {
  if (address === "auto") return "ray://127.0.0.1:10001";
  if (!isDashboard(address)) return `ray://${parseRayAddress(address)}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || url.username !== "" || url.search !== "" || url.hash !== "") throw new RayAddressError(address);
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** `host:port` that it leads to. @throws RayAddressError */
export function rayTarget(address: string): string {
  const { hostname, port, protocol } = new URL(rayAddress(address).replace(/^ray:/, "tcp:"));
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}
