// Whether TLS is spoken at an address: to tell a caller in clear text why nobody understands it.

import { connect } from "node:tls";

/** False where nobody says so within `timeoutMs`. Never rejects. */
export function speaksTls({ host, port }: { readonly host: string; readonly port: number }, timeoutMs = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: ["h2"], timeout: timeoutMs }); // nothing is sent, so nobody has to be trusted
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("secureConnect", () => end(true)).once("error", () => end(false)).once("timeout", () => end(false));
  });
}
