// What commands show to the daemon of this machine, whose record says how it is known.

import { access } from "node:fs/promises";
import type { DaemonSettings } from "@sage/config";
import type { Secret } from "@sage/core";
import type { ClientTls } from "@sage/jobmanager-client";
import type { DaemonAddress } from "./probe.ts";
import type { DaemonRecord } from "./record.ts";

export interface OwnAccess {
  readonly token?: Secret;
  readonly certificate?: Pick<ClientTls, "certPath" | "keyPath">;
}

/** @throws SecretUnavailableError */
export async function ownAccess({ token, tls }: Pick<DaemonSettings, "token" | "tls">, env: NodeJS.ProcessEnv): Promise<OwnAccess> {
  const certificate = tls.clientCertPath === undefined || tls.clientKeyPath === undefined ? {} : { certificate: { certPath: tls.clientCertPath, keyPath: tls.clientKeyPath } };
  // The default file is there only where a daemon needs a token.
  if (token.from === "file" && !(await access(token.path).then(() => true, () => false))) return certificate;
  const { readSecret } = await import("../token.ts");
  return { ...certificate, token: await readSecret(token, env) };
}

/** The recorded daemon, as it is called: on this machine nobody listens in. */
export function asOwn({ host, port, tls }: DaemonRecord, { token, certificate }: OwnAccess): DaemonAddress {
  return { host, port, isInsecure: true, ...(token ? { token } : {}), ...(tls ? { tls: { ...tls, ...certificate } } : {}) };
}
