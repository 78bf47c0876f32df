// A host's public key as it comes over the wire (RFC 4253 §6.6): its type, fingerprint, and whether it proves anything.
import { createHash } from "node:crypto";

export interface HostKey {
  /** "ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa", … */
  readonly type: string;
  /** `SHA256:…`, as OpenSSH prints it. */
  readonly fingerprint: string;
  /** The key as it stands in known_hosts, in base64. */
  readonly base64: string;
}

export function toHostKey(blob: Buffer): HostKey {
  return { type: fieldsOf(blob)[0]?.toString("latin1") ?? "unknown", fingerprint: fingerprintOf(blob), base64: blob.toString("base64") };
}

export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** Why a key is too weak to be trusted; undefined if it is not. RSA below 2,048 bits and DSA are. */
export function weaknessOf(blob: Buffer): string | undefined {
  const [type, , modulus] = fieldsOf(blob);
  if (type?.toString("latin1") === "ssh-dss") return "DSA keys are broken";
  if (type?.toString("latin1") !== "ssh-rsa") return undefined;
  const bits = modulus === undefined ? 0 : BigInt(`0x0${modulus.toString("hex")}`).toString(2).length;
  return bits < 2048 ? `an RSA key of ${bits} bits is too short` : undefined;
}

/** What a client offers for each type of key. SHA-1 signatures (ssh-rsa) and DSA are never offered. */
const algorithms: Readonly<Record<string, readonly string[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

/**
 * How the session's secret is agreed on, what we offer first. sshd computes on P-256 by OpenSSL's assembly and on
 * Curve25519 in plain C: a tenth of its processor time for a login. A host that bars NIST's curves takes the next one.
 */
export const keyExchanges: readonly string[] = [
  "ecdh-sha2-nistp256", "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
  "diffie-hellman-group-exchange-sha256", "diffie-hellman-group14-sha256", "diffie-hellman-group16-sha512", "diffie-hellman-group18-sha512",
];

/** Every algorithm, those of the known types first: a host with several keys then shows one that is known. */
export function algorithmsPreferring(knownTypes: readonly string[]): string[] {
  const types = Object.keys(algorithms);
  const ordered = [...types.filter((type) => knownTypes.includes(type)), ...types.filter((type) => !knownTypes.includes(type))];
  return ordered.flatMap((type) => algorithms[type] ?? []);
}

function fieldsOf(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length; ) {
    const length = blob.readUInt32BE(at);
    if (at + 4 + length > blob.length) break;
    fields.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}
