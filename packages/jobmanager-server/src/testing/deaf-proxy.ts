// A TCP connection that can go deaf: what the client says still arrives, what the server answers does not.

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface DeafProxy extends AsyncDisposable {
  /** `host:port` to dial. */
  readonly target: string;
  /** From now on answers are lost; or are let through again, for new connections. */
  setDeaf(isDeaf: boolean): void;
  /** Ends all connections, as a broken network does. */
  cut(): void;
}

export async function startDeafProxy(port: number): Promise<DeafProxy> {
  const sockets = new Set<Socket>();
  let deaf = false;
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [from, to, isAnswer] of [[near, far, false], [far, near, true]] as const) {
      sockets.add(from);
      from.on("error", () => {});
      from.on("data", (chunk) => { if (!(isAnswer && deaf)) to.write(chunk); });
      from.once("close", () => { sockets.delete(from); to.destroy(); });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => { for (const socket of sockets) socket.destroy(); };
  return {
    target: `127.0.0.1:${(server.address() as { port: number }).port}`,
    setDeaf: (isDeaf) => { deaf = isDeaf; },
    cut,
    [Symbol.asyncDispose]: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
