// Opens the byte stream that SSH runs over: a TCP connection, with what went wrong said in words.
import { connect, type Socket } from "node:net";
import { UnreachableError } from "./errors.ts";

/** @throws {@link UnreachableError} if nothing answers within `timeoutMs`. */
export function dial(host: string, port: number, where: string, timeoutMs: number, signal?: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const socket = connect({ host, port, noDelay: true }); // ssh2 leaves Nagle on: 40 ms for each command
    const finish = (act: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      socket.removeAllListeners();
      act();
    };
    const give = (error: unknown) => finish(() => {
      socket.on("error", () => {}); // a late error of a socket that nobody has
      socket.destroy();
      reject(error as Error);
    });
    const onAbort = () => give(signal?.reason);
    const timer = setTimeout(() => give(unreachable(where, port, "ETIMEDOUT", timeoutMs)), timeoutMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    socket.once("error", (error: NodeJS.ErrnoException) => give(unreachable(where, port, error.code ?? "", timeoutMs, error)));
    socket.once("connect", () => finish(() => resolve(socket)));
  });
}

function unreachable(where: string, port: number, code: string, timeoutMs: number, cause?: NodeJS.ErrnoException): UnreachableError {
  switch (code) {
    case "ECONNREFUSED":
      return new UnreachableError(where, "the connection was refused", `No SSH server listens on port ${port} there: start sshd, or correct the port.`, cause);
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new UnreachableError(where, "its name is not known", "Correct the name, or add it to DNS or /etc/hosts.", cause);
    case "ETIMEDOUT":
      return new UnreachableError(where, cause === undefined ? `no answer within ${timeoutMs / 1000} s` : "no answer", "The host is down, or a firewall drops the packets.", cause);
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return new UnreachableError(where, "there is no way to it", "The host is down, or this machine has no route to it.", cause);
    default:
      return new UnreachableError(where, cause?.message ?? code, "See that the host is up and the port is right.", cause);
  }
}
