// The address of a cluster as people write it.

import { RayAddressError } from "../errors.ts";

const defaultPort = 10_001;

/**
 * `host:port` of `ray://host:port`; the scheme may be missing, and the port, which is then 10001.
 * @throws {@link RayAddressError}
 */
export function parseRayAddress(address: string): string {
  const parts = /^(?:ray:\/\/)?(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)(?::(\d{1,5}))?\/?$/.exec(address);
  const port = Number(parts?.[2] ?? defaultPort);
  if (!parts || port < 1 || port > 65_535) throw new RayAddressError(address);
  return `${parts[1]}:${port}`;
}
