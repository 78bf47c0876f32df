// How a daemon is: what it says of itself, or that it does not answer. Never an error for a daemon that is down.

import { isSageError, type Secret } from "@sage/core";
import { connectJobManager, type ClientTls, type ServerInfoView } from "@sage/jobmanager-client";

export interface DaemonAddress {
  readonly host: string;
  readonly port: number;
  readonly token?: Secret;
  /** Absent: clear text. */
  readonly tls?: ClientTls;
  readonly connectTimeoutMs?: number;
  /** Clear text is meant. */
  readonly isInsecure?: boolean;
  /** Dialled instead: the end of a tunnel. */
  readonly address?: string;
}

/** Undefined if no daemon answers there. @throws what else goes wrong, such as a refused token */
export async function askDaemon(address: DaemonAddress, { deadlineMs = 5_000, ray = false, signal }: { deadlineMs?: number; ray?: boolean; signal?: AbortSignal } = {}): Promise<ServerInfoView | undefined> {
  try {
    await using client = await connectJobManager({ ...address, host: dialable(address.host), deadlineMs, ...(signal ? { signal } : {}) });
    const { healthy } = await client.health(signal ? { signal } : {});
    return healthy ? await client.serverInfo({ attempts: 1, ray, ...(signal ? { signal } : {}) }) : undefined;
  } catch (error) {
    if (signal?.aborted || !isSageError(error) || !/_(UNREACHABLE|TIMEOUT|CANCELLED|CALL_FAILED)$|^SAGE_VERSION_MISMATCH$/.test(error.code)) throw error;
    return undefined;
  }
}

/** The address to dial for one to listen on. */
export const dialable = (host: string): string => (host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host);

export const showAddress = ({ host, port }: { host: string; port: number }): string => `${host.includes(":") ? `[${host}]` : host}:${port}`;
