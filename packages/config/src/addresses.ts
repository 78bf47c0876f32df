// Host addresses as people write them: `sage2`, `sage2:22`, `ops@sage2:22`, `[::1]:22`.
import { hostPort } from "./patterns.ts";

export interface Address {
  readonly user?: string;
  readonly host: string;
  readonly port: number;
}

const wellFormed = new RegExp(hostPort, "u");

/** The parts of one address; undefined if it is not one, or its port is not from 1 to 65535. */
export function parseAddress(text: string, defaultPort = 22): Address | undefined {
  if (!wellFormed.test(text)) return undefined;
  const parts = /^(?:([^@]*)@)?(?:\[([^\]]*)\]|([^:]*))(?::([0-9]+))?$/.exec(text);
  const host = parts?.[2] ?? parts?.[3];
  const port = parts?.[4] === undefined ? defaultPort : Number(parts[4]);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return { ...(parts?.[1] === undefined ? {} : { user: parts[1] }), host, port };
}

/** `sage2:22`, `[::1]:22`. */
export function formatAddress(address: Address): string {
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${address.user === undefined ? "" : `${address.user}@`}${host}:${address.port}`;
}

/** The items of "a:22, b:22". */
export function splitList(text: string): string[] {
  return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
}

/** One text for one SSH door: two entries with the same text are the same host. */
export function sameHostKey(address: Address): string {
  return formatAddress({ host: address.host.toLowerCase(), port: address.port });
}
