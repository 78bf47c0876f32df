// Whether TLS is spoken between the daemon and who calls it, and with which files.
//
// Rules:
//   L1. Nobody listens on more than loopback in clear text, and no token leaves this machine in clear text, unless
//       `daemon.tls.mode` is off: that is how the operator says that the network is trusted.
//   L2. What Sage makes by itself (authority, certificate, token) lies in Sage's home, so that commands find it there.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isLoopback } from "@sage/core";
import type { DaemonSettings } from "./cluster.ts";

export interface TlsSettings {
  /** auto: where the daemon listens on more than loopback, or has a certificate named for it. */
  readonly mode: "auto" | "on" | "off";
  /** The daemon's certificate, on the machine where commands run; unset: Sage makes one. */
  readonly certPath?: string;
  readonly keyPath?: string;
  /** Who vouches for it, for those who call. */
  readonly caPath?: string;
  /** Who vouches for those who call: set, they have to show a certificate. */
  readonly clientCaPath?: string;
  readonly clientCertPath?: string;
  readonly clientKeyPath?: string;
  /** Where what Sage makes by itself lies. */
  readonly madeDir: string;
}

/** Files that a caller needs; the system's authorities count without `caPath`. */
export interface CallerTls {
  readonly caPath?: string;
  readonly certPath?: string;
  readonly keyPath?: string;
}

/** Below Sage's home. */
export const madeTlsDir = (home: string): string => join(home, "tls");
export const madeCaPath = ({ madeDir }: Pick<TlsSettings, "madeDir">): string => join(madeDir, "ca.pem");

/** Whether the daemon speaks TLS at `bindHost`. */
export function servesTls({ tls }: Pick<DaemonSettings, "tls">, bindHost: string): boolean {
  if (tls.mode !== "auto") return tls.mode === "on";
  return !isLoopback(bindHost) || tls.certPath !== undefined;
}

/** What to call the daemon with; undefined: in clear text. @param throughSsh - the way to it is a tunnel to its loopback. */
export function callerTls(daemon: Pick<DaemonSettings, "host" | "bindHost" | "tls">, throughSsh = false): CallerTls | undefined {
  const { tls, host, bindHost } = daemon;
  const made = madeCaPath(tls);
  const caPath = tls.caPath ?? (tls.certPath === undefined && existsSync(made) ? made : undefined);
  const isSaid = servesTls(daemon, bindHost);
  const isMeant = tls.mode === "auto" && caPath !== undefined && !throughSsh && !isLoopback(host);
  if (!isSaid && !isMeant) return undefined;
  return {
    ...(caPath === undefined ? {} : { caPath }),
    ...(tls.clientCertPath === undefined || tls.clientKeyPath === undefined ? {} : { certPath: tls.clientCertPath, keyPath: tls.clientKeyPath }),
  };
}
