// The caller's side of TLS, as gRPC wants it.

import { credentials, type ChannelCredentials, type ChannelOptions } from "@grpc/grpc-js";
import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import { readAuthorities, readPair } from "./tls-files.ts";

/** How a caller knows the daemon, and shows who it is. */
export interface ClientTls {
  /** File of the certificates that are trusted (PEM); unset: those that the system trusts. */
  readonly caPath?: string;
  /** The same as text; goes before the file. */
  readonly ca?: string;
  /** The caller's own certificate and key, for a daemon that asks for one. */
  readonly certPath?: string;
  readonly keyPath?: string;
  /** The name or address that the daemon's certificate has to be for; unset: the one that is dialled. */
  readonly serverName?: string;
}

export interface ClientSecurity {
  readonly credentials: ChannelCredentials;
  readonly options: ChannelOptions;
}

/** Sent by name to servers that have several certificates; an address may not be, so this stands for it. */
const anyName = "sage-daemon";

/** @param target - `host:port`, or `unix:/path`, for which `serverName` is needed. @throws TlsFileError */
export function clientSecurity(target: string, tls: ClientTls | undefined): ClientSecurity {
  if (!tls) return { credentials: credentials.createInsecure(), options: {} };
  const expected = tls.serverName ?? hostIn(target);
  const ca = tls.ca !== undefined ? Buffer.from(tls.ca) : tls.caPath === undefined ? null : readAuthorities(tls.caPath);
  const own = tls.certPath !== undefined && tls.keyPath !== undefined ? readPair({ certPath: tls.certPath, keyPath: tls.keyPath }) : undefined;
  return {
    credentials: credentials.createSsl(ca, own?.key ?? null, own?.cert ?? null, { checkServerIdentity: (_name, shown) => checkServerIdentity(expected, shown) }),
    options: { "grpc.ssl_target_name_override": isIP(expected) === 0 ? expected : anyName, "grpc.default_authority": expected },
  };
}

const hostIn = (target: string): string => /^\[(.*)\]:\d+$/.exec(target)?.[1] ?? target.replace(/:\d+$/, "");
