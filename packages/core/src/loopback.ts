// Which hosts are the machine itself.

/** Whether a host, as a name or an address, is only reached from the machine itself. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
