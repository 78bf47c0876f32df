// The log of a Ray job as it is written, over the dashboard's websocket.

import { SageError } from "@sage/core";
import type { WebSocket } from "ws";
import { RayRestError, RayUnreachableError } from "../errors.ts";

/** Pieces that may wait for a slow reader before the socket is no longer read. */
const maxWaiting = 64;
const pingMs = 15_000;

/** The connection broke while the log was followed. */
export class RayLogLostError extends SageError {
  constructor(why: string) {
    super(`following the job's log broke off: ${why}`, { code: "SAGE_RAY_LOG_LOST", fault: "cluster", retryable: true, hint: "Follow it again: it starts from the beginning." });
  }
}

/** Pieces of text until the job's log ends. @throws {@link RayRestError}, {@link RayUnreachableError}, {@link RayLogLostError} */
export async function* tailLog(url: URL, headers: Readonly<Record<string, string>>, signal?: AbortSignal): AsyncGenerator<string, void, undefined> {
  signal?.throwIfAborted();
  const { WebSocket: Socket } = await import("ws"); // loaded by whoever follows a log, not by every command
  // Compression makes Ray 2.60 close the socket before its first message.
  const socket = new Socket(url, { headers: { ...headers }, perMessageDeflate: false, handshakeTimeout: 30_000 });
  const waiting: string[] = [];
  let ended: { readonly error?: unknown } | undefined;
  let wake = () => {};
  const end = (error?: unknown) => {
    ended ??= error === undefined ? {} : { error };
    wake();
  };
  socket.on("message", (data: Buffer) => {
    waiting.push(data.toString());
    if (waiting.length >= maxWaiting) socket.pause();
    wake();
  });
  socket.on("unexpected-response", (_request, response) => {
    response.resume();
    end(new RayRestError("GET", url.pathname, response.statusCode ?? 0, response.statusMessage ?? ""));
    socket.terminate();
  });
  socket.on("error", (error) => end(new RayUnreachableError(url.host, error.message, error)));
  socket.on("close", (code) => end(code === 1000 ? undefined : new RayLogLostError(`the socket closed with ${code}`)));
  const heartbeat = watch(socket, () => end(new RayLogLostError("nobody answers any more")));
  const onAbort = () => end(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      const piece = waiting.shift();
      if (piece !== undefined) {
        if (waiting.length === 0) socket.resume();
        yield piece;
      } else if (ended) {
        if ("error" in ended) throw ended.error;
        return;
      } else {
        await new Promise<void>((resolve) => { wake = resolve; });
      }
    }
  } finally {
    clearInterval(heartbeat);
    signal?.removeEventListener("abort", onAbort);
    socket.terminate();
  }
}

/** A cut cable closes no socket: two pings without an answer do. */
function watch(socket: WebSocket, onSilence: () => void): NodeJS.Timeout {
  let unanswered = 0;
  socket.on("pong", () => { unanswered = 0; });
  return setInterval(() => {
    if (socket.readyState !== socket.OPEN || socket.isPaused) return;
    if (unanswered++ >= 2) onSilence();
    else socket.ping();
  }, pingMs).unref();
}
