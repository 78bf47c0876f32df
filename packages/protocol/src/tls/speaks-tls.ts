// Whether TLS is spoken at an address: to tell a caller in clear text why nobody understands it.

import { connect } from "node:tls";

/** False where nobody says so within `timeoutMs`. Never rejects. @param target - `host:port` or `unix:/path`. */
export function speaksTls(target: string, timeoutMs = 1_000): Promise<boolean> {
  const { hostname, port } = target.startsWith("unix:") ? { hostname: "", port: "" } : new URL(`tcp://${target}`);
  return new Promise((resolve) => {
    const socket = connect({ ...(hostname === "" ? { path: target.slice("unix:".length) } : { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) }), rejectUnauthorized: false, ALPNProtocols: ["h2"], timeout: timeoutMs }); // nothing is sent, so nobody has to be trusted
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("secureConnect", () => end(true)).once("error", () => end(false)).once("timeout", () => end(false));
  });
}
