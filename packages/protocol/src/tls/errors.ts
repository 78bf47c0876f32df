// What can be wrong with TLS: a file, what the daemon shows, or what a caller shows.

import { SageError } from "@sage/core";

/** A certificate, key or authority that was named cannot be used. */
export class TlsFileError extends SageError {
  constructor(path: string, why: string, hint: string, cause?: unknown) {
    super(`${path} cannot be used for TLS: ${why}`, { code: "SAGE_TLS_FILE", fault: "user", hint, cause });
  }
}

/** The daemon at `target` could not show that it is the one that is meant, or did not take who called. */
export class DaemonTlsError extends SageError {
  readonly target: string;
  constructor(target: string, why: string, hint: string) {
    super(`no safe connection to the daemon at ${target}: ${why}`, { code: "SAGE_TLS_FAILED", fault: "user", hint });
    this.target = target;
  }
}

/** Why a TLS handshake failed, as Node and OpenSSL say it → in words, with what to do. */
const reasons: readonly (readonly [RegExp, string, string])[] = [
  [/certificate has expired/i, "its certificate has expired", "Give it a new one: `sage deploy restart` (`sage jobmanager restart`) makes one, where Sage has made the old one."],
  [/certificate is not yet valid/i, "its certificate is not yet valid", "Compare the clocks of the two machines: sage doctor."],
  [/does not match certificate's altnames/i, "its certificate is for other names", "Call it by a name that is in the certificate, or give it a certificate for this name."],
  [/self-signed certificate|unable to get (local )?issuer|unable to verify|certificate signature failure/i, "nobody who is trusted here vouches for its certificate", "Name the file of who does (ca.pem beside the daemon's certificate): sage config set daemon.tls.ca_file FILE"],
  [/wrong version number|packet length too long|http request/i, "it does not speak TLS", "Start it with a certificate, or say `sage config set daemon.tls.mode off` where the network is trusted."],
  [/alert (certificate required|bad certificate|unknown ca|certificate expired|certificate unknown)/i, "it does not take this caller's certificate", "Name one that it trusts: daemon.tls.client_cert_file and daemon.tls.client_key_file."],
  [/unsupported protocol|no shared cipher|alert protocol version|alert handshake failure/i, "the two have no version of TLS in common", "Use the same version of Sage for the client and the daemon."],
];

/** Undefined: what went wrong was not TLS. @param details - in the words of the socket. */
export function tlsErrorIn(target: string, details: string): DaemonTlsError | undefined {
  const found = reasons.find(([pattern]) => pattern.test(details));
  if (!found) return undefined;
  const altNames = /altnames: (.*?)(?: \(|$)/.exec(details)?.[1];
  return new DaemonTlsError(target, altNames === undefined ? found[1] : `${found[1]} (${altNames})`, found[2]);
}
