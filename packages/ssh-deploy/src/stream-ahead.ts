// The stream that SSH runs over, to a host or through a jump host to it; the first one is opened before anybody asks.
import type { Duplex } from "node:stream";
import { withDeadline } from "./deadline.ts";
import { dial } from "./dial.ts";
import { ForwardRefusedError, UnreachableError } from "./errors.ts";
import type { Host } from "./host.ts";

export interface StreamTarget {
  readonly host: string;
  readonly port?: number;
  readonly through?: Host;
  readonly connectTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface StreamAhead {
  /** The stream that was opened ahead, the first time; then a new one. @throws {@link UnreachableError} */
  take(): Promise<Duplex>;
  /** Closes what nobody has taken. */
  dispose(): void;
}

/** @param where - what errors call the target. */
export function streamAhead(where: string, target: StreamTarget): StreamAhead {
  const open = () => openStream(where, target);
  let first: Promise<Duplex> | undefined = open();
  first.then((stream) => stream.on("error", () => {}), () => {}); // who takes it hears of it
  return {
    async take() {
      const taken = await first?.finally(() => { first = undefined; });
      return taken === undefined || taken.destroyed ? open() : taken; // reset while a passphrase was typed, say
    },
    dispose: () => void first?.then((stream) => stream.destroy(), () => {}),
  };
}

async function openStream(where: string, { through, host, port = 22, connectTimeoutMs = 10_000, signal }: StreamTarget): Promise<Duplex> {
  return through ? hop(through, host, port, where, connectTimeoutMs, signal) : dial(host, port, where, connectTimeoutMs, signal);
}

async function hop(through: Host, host: string, port: number, where: string, timeoutMs: number, signal: AbortSignal | undefined): Promise<Duplex> {
  try {
    return await withDeadline(`the way to ${where} through ${through.name}`, timeoutMs, signal, (limit) => through.forward({ host, port }, limit));
  } catch (error) {
    if (!(error instanceof ForwardRefusedError)) throw error;
    throw new UnreachableError(where, `the jump host ${through.name} does not reach it`, "See that the host is up, and that the jump host may forward to it.", error);
  }
}
