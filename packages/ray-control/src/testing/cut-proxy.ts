// A TCP relay that can be cut: what a broken network looks like to both ends.

import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface CutProxy extends AsyncDisposable {
  /** `ray://127.0.0.1:port` */
  readonly address: string;
  /** Breaks every connection of now. */
  cut(): void;
  /** From now on connections are refused (false) or relayed (true). */
  setOpen(open: boolean): void;
  /** Calls `cut` as soon as so many more bytes have gone to the server (or come from it). */
  cutAfter(bytes: number, direction: "to" | "from"): void;
}

export async function startCutProxy(targetPort: number): Promise<CutProxy> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  let trap: { left: number; direction: "to" | "from" } | undefined;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const count = (direction: "to" | "from", bytes: number) => {
    if (trap?.direction !== direction) return;
    trap.left -= bytes;
    if (trap.left > 0) return;
    trap = undefined;
    cut();
  };
  const server = createServer((socket) => {
    if (!isOpen) return void socket.destroy();
    const upstream = connect(targetPort, "127.0.0.1");
    for (const [one, other, direction] of [[socket, upstream, "to"], [upstream, socket, "from"]] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on("error", () => {});
      one.on("data", (data: Buffer) => count(direction, data.length));
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `ray://127.0.0.1:${(server.address() as { port: number }).port}`,
    cut,
    setOpen: (open) => { isOpen = open; },
    cutAfter: (bytes, direction) => { trap = { left: bytes, direction }; },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
