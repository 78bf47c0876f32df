// The daemon's side of TLS: its certificate, which may be replaced on disk while it runs.
//
// Invariants:
//   T1. What cannot be used is refused at start; afterwards it is reported, and the former one stays in use.
//   T2. Callers without a certificate are let in as far as the handshake goes: workers prove themselves otherwise. Who
//       needs one looks at {@link showsCertificate}.

import { experimental, ServerCredentials, type ServerInterceptingCallInterface } from "@grpc/grpc-js";
import { readAuthorities, readPair, type CertificateFiles, type ReadPair } from "./tls-files.ts";

export interface ServerTlsFiles extends CertificateFiles {
  /** Certificates of who may call (PEM): then every caller of the Jobs service has to show one that they vouch for. */
  readonly clientCaPath?: string;
  /** Certificates that vouch for the daemon's own (PEM), where they are not behind it in its file. */
  readonly caPath?: string;
}

/** What a caller that may trust this daemon has to know. */
export interface TlsFacts {
  /** PEM; unset: those that the system trusts vouch for it. */
  readonly ca?: string;
  /** A name that is in the certificate. */
  readonly serverName?: string;
}

export interface ServerTls {
  readonly credentials: ServerCredentials;
  readonly asksForCertificate: boolean;
  readonly facts: TlsFacts;
  /** When the certificate ends, in milliseconds since the epoch. */
  readonly untilMs: number;
  /** Reads the files again; whether they had changed. @throws TlsFileError, with the former ones still in use. */
  reload(): boolean;
}

/** gRPC listens to what it is told only behind the call that adds the listener. */
const soon = queueMicrotask;

type Listener<T> = (update: T | null) => void;

/** @throws TlsFileError */
export function openServerTls(files: ServerTlsFiles): ServerTls {
  let pair = readPair(files);
  let clientCa = files.clientCaPath === undefined ? undefined : readAuthorities(files.clientCaPath);
  const identityListeners = new Set<Listener<experimental.IdentityCertificateUpdate>>();
  const caListeners = new Set<Listener<experimental.CaCertificateUpdate>>();
  const identity = () => ({ certificate: pair.cert, privateKey: pair.key });
  const ca = () => (clientCa === undefined ? null : { caCertificate: clientCa });
  const provider: experimental.CertificateProvider = {
    addIdentityCertificateListener: (listener) => { identityListeners.add(listener); soon(() => listener(identity())); },
    removeIdentityCertificateListener: (listener) => { identityListeners.delete(listener); },
    addCaCertificateListener: (listener) => { caListeners.add(listener); soon(() => listener(ca())); },
    removeCaCertificateListener: (listener) => { caListeners.delete(listener); },
  };
  return {
    credentials: experimental.createCertificateProviderServerCredentials(provider, clientCa === undefined ? null : provider, false), // T2; the first is the identity, whatever its declaration calls it
    asksForCertificate: clientCa !== undefined,
    get facts() { return factsOf(pair, files.caPath); },
    get untilMs() { return new Date(pair.leaf.validTo).getTime(); },
    reload() {
      const next = readPair(files);
      const nextCa = files.clientCaPath === undefined ? undefined : readAuthorities(files.clientCaPath);
      if (next.cert.equals(pair.cert) && next.key.equals(pair.key) && (nextCa === undefined || clientCa?.equals(nextCa) === true)) return false;
      [pair, clientCa] = [next, nextCa];
      for (const listener of caListeners) listener(ca());
      for (const listener of identityListeners) listener(identity());
      return true;
    },
  };
}

function factsOf({ cert, leaf }: ReadPair, caPath: string | undefined): TlsFacts {
  const [, ...behind] = String(cert).match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  const vouching = caPath !== undefined ? String(readAuthorities(caPath)) : behind.length > 0 ? `${behind.join("\n")}\n` : leaf.checkIssued(leaf) ? String(cert) : undefined;
  const serverName = /(?:DNS|IP Address):([^,]+)/.exec(leaf.subjectAltName ?? "")?.[1];
  return { ...(vouching === undefined ? {} : { ca: vouching }), ...(serverName === undefined ? {} : { serverName }) };
}

/** Whether the caller has shown a certificate that the daemon's authorities vouch for. */
export const showsCertificate = (call: Pick<ServerInterceptingCallInterface, "getAuthContext">): boolean => call.getAuthContext().sslPeerCertificate !== undefined;
