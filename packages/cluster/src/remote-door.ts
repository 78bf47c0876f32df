// What the daemon on the head needs to listen on more than loopback: token and certificate, brought there as files of its
// user alone.
import { callerTls, servesTls } from "@sage/config";
import { readAuthorities } from "@sage/protocol/files";
import { script, type Host } from "@sage/ssh-deploy";
import { X509Certificate } from "node:crypto";
import { isLoopback } from "@sage/core";
import { daemonCertificate } from "./daemon-certificate.ts";
import { ensureToken } from "./daemon-token.ts";
import { nodeAddress } from "./ray-node.ts";
import type { ClusterSession } from "./session.ts";

/** Flags for the daemon's command line. @param home - the daemon's, absolute. @throws TlsFileError, SecretUnavailableError */
export async function sendDoor(session: ClusterSession, host: Host, home: string, signal: AbortSignal): Promise<string[]> {
  const { daemon } = session.cluster;
  const opens = !isLoopback(daemon.bindHost);
  const send = async (name: string, text: string): Promise<string> => {
    await host.upload(`${home}/${name}`, Buffer.from(text), { mode: 0o600, signal });
    return `${home}/${name}`;
  };
  const token = opens ? await ensureToken(session) : undefined;
  const flags = token ? ["--token-file", await send("token", token.reveal())] : [];
  if (!servesTls(daemon, daemon.bindHost)) return opens ? [...flags, "--insecure"] : flags;
  const { cert, key } = await daemonCertificate(daemon.tls, await namesOf(session, host, signal), session.clock);
  const { caPath } = callerTls(daemon) ?? {};
  const { clientCaPath } = daemon.tls;
  return [
    ...flags, "--tls-key", await send("tls/daemon.key", key), "--tls-cert", await send("tls/daemon.pem", cert),
    ...(caPath === undefined ? [] : ["--tls-ca", await send("tls/ca.pem", String(readAuthorities(caPath)))]),
    ...(clientCaPath === undefined ? [] : ["--tls-client-ca", await send("tls/callers.pem", String(readAuthorities(clientCaPath)))]),
  ];
}

/** A certificate that Sage has made is replaced before it ends; the daemon that runs takes the new one by itself. @returns whether it was */
export async function renewDoor(session: ClusterSession, host: Host, home: string, signal: AbortSignal): Promise<boolean> {
  const { daemon } = session.cluster;
  if (daemon.tls.certPath !== undefined || !servesTls(daemon, daemon.bindHost)) return false;
  const { stdout } = await host.run(script('cat "$1" 2>/dev/null || :', [`${home}/tls/daemon.pem`]), { signal });
  if (stdout === "" || Date.parse(new X509Certificate(stdout).validTo) - session.clock.now() > renewBeforeMs) return false;
  await sendDoor(session, host, home, signal);
  return true;
}

const renewBeforeMs = 60 * 86_400_000;

/** All by which the head is called, here and on the cluster. */
async function namesOf({ cluster: { daemon, head } }: ClusterSession, host: Host, signal: AbortSignal): Promise<string[]> {
  const isAny = daemon.bindHost === "0.0.0.0" || daemon.bindHost === "::";
  return [daemon.host, head.host, await nodeAddress(host, head, signal), ...(daemon.advertiseHost === undefined ? [] : [daemon.advertiseHost]), ...(isAny ? [] : [daemon.bindHost])];
}
