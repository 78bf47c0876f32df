// Where this browser reaches Ray's own dashboard: the port that the link of `sage dashboard` brought, which leads
// through its tunnel; else the daemon's own address of it, which a browser on the daemon's machine reaches as well.

const storageKey = "sage-ray-port";

/** Keeps what the link said, for this tab. */
export function keepRayPort(port: string): void {
  try {
    if (/^\d{1,5}$/.test(port)) sessionStorage.setItem(storageKey, port);
  } catch {
    // storage is forbidden: there is no link then
  }
}

function keptPort(): string | null {
  try {
    return sessionStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

/** @param daemonsUrl - how the daemon reaches it; only a web address, host and port, becomes a link. Undefined: not from here. */
export function rayLinkOf(daemonsUrl: string, port = keptPort()): string | undefined {
  if (port !== null) return `http://127.0.0.1:${port}/`;
  return /^https?:\/\/([\w.-]+|\[[\da-f:]+\])(:\d{1,5})?\/?$/i.test(daemonsUrl) ? daemonsUrl : undefined;
}

export const isLoopback = (url: string): boolean => /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(url);
