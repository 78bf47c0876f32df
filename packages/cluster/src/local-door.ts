// What a daemon of this machine needs to listen on more than loopback: a token and a certificate, made where they are missing.
import { mkdir, writeFile } from "node:fs/promises";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import { madeCaPath, servesTls, type DaemonSettings } from "@sage/config";
import { isLoopback, systemClock } from "@sage/core";
import { daemonCertificate } from "./daemon-certificate.ts";
import { tokenFile } from "./daemon-token.ts";

/** Flags for the daemon's command line. @param bindHost - where it will listen. @throws TlsFileError, SecretUnavailableError */
export async function localDoorFlags(daemon: DaemonSettings, bindHost: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const { tls } = daemon;
  const opens = !isLoopback(bindHost);
  const flags = opens ? ["--token-file", await tokenFile(daemon.token, env, join(tls.madeDir, "token"))] : [];
  if (!servesTls(daemon, bindHost)) return opens ? [...flags, "--insecure"] : flags;
  const clientCa = tls.clientCaPath === undefined ? [] : ["--tls-client-ca", tls.clientCaPath];
  if (tls.certPath !== undefined && tls.keyPath !== undefined) return [...flags, "--tls-cert", tls.certPath, "--tls-key", tls.keyPath, ...(tls.caPath === undefined ? [] : ["--tls-ca", tls.caPath]), ...clientCa];
  const { cert, key } = await daemonCertificate(tls, ownNames(daemon, bindHost), systemClock);
  const [certPath, keyPath] = [join(tls.madeDir, "daemon.pem"), join(tls.madeDir, "daemon.key")];
  await mkdir(tls.madeDir, { recursive: true, mode: 0o700 });
  await writeFile(keyPath, key, { mode: 0o600 });
  await writeFile(certPath, cert);
  return [...flags, "--tls-cert", certPath, "--tls-key", keyPath, "--tls-ca", madeCaPath(tls), ...clientCa];
}

function ownNames({ host, advertiseHost }: DaemonSettings, bindHost: string): string[] {
  const isAny = bindHost === "0.0.0.0" || bindHost === "::";
  const addresses = isAny ? Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)) : [bindHost];
  return [hostname(), host, ...(advertiseHost === undefined ? [] : [advertiseHost]), ...addresses];
}
