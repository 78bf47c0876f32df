// OpenSSH's known_hosts (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"), read and judged.
//
// Invariants:
//   H1. A host that is known by any key is never "unknown": another key is "changed", whatever its type.
//   H2. A revoked key is refused, even where another line trusts it.
//   H3. A line that cannot be read trusts nothing, and harms no other line.
import { createHmac } from "node:crypto";
import { fingerprintOf } from "./host-key.ts";

export interface KnownHostEntry {
  readonly marker: "none" | "revoked" | "cert-authority";
  /** The first field: patterns separated by commas, or one hashed name. */
  readonly hosts: string;
  readonly type: string;
  readonly base64: string;
  /** `/home/me/.ssh/known_hosts:12`. */
  readonly place: string;
}

export interface KnownKey {
  readonly type: string;
  readonly fingerprint: string;
  readonly place: string;
}

export type HostKeyVerdict =
  | { readonly kind: "trusted" }
  /** `onlyAuthority`: a certificate authority is named for the host, which Sage cannot use. */
  | { readonly kind: "unknown"; readonly onlyAuthority: boolean }
  | { readonly kind: "changed"; readonly known: readonly KnownKey[] }
  | { readonly kind: "revoked"; readonly place: string };

export function parseKnownHosts(text: string, path: string): KnownHostEntry[] {
  return text.split("\n").flatMap((line, index) => {
    const words = line.trim().split(/[ \t]+/);
    if (words[0] === "" || words[0]?.startsWith("#")) return [];
    const marker = words[0]?.startsWith("@") ? words.shift() : undefined;
    const [hosts, type, base64] = words;
    if (hosts === undefined || type === undefined || base64 === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return []; // H3
    if (marker !== undefined && marker !== "@revoked" && marker !== "@cert-authority") return [];
    return [{ marker: marker === undefined ? "none" : (marker.slice(1) as "revoked" | "cert-authority"), hosts, type, base64, place: `${path}:${index + 1}` }];
  });
}

/** The name under which a host's key is kept: `sage2`, or `[sage2]:2222` for another port than 22. */
export function knownHostName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

export function judgeHostKey(entries: readonly KnownHostEntry[], host: string, port: number, key: Buffer): HostKeyVerdict {
  const base64 = key.toString("base64");
  const own = entriesFor(entries, host, port);
  const revoked = own.find((entry) => entry.marker === "revoked" && entry.base64 === base64);
  if (revoked) return { kind: "revoked", place: revoked.place }; // H2
  const known = own.filter((entry) => entry.marker === "none");
  if (known.some((entry) => entry.base64 === base64)) return { kind: "trusted" };
  if (known.length === 0) return { kind: "unknown", onlyAuthority: own.some((entry) => entry.marker === "cert-authority") };
  return { kind: "changed", known: known.map(({ type, base64: text, place }) => ({ type, fingerprint: fingerprintOf(Buffer.from(text, "base64")), place })) }; // H1
}

/** The types of the keys that are known for a host. */
export function knownTypes(entries: readonly KnownHostEntry[], host: string, port: number): string[] {
  return entriesFor(entries, host, port).flatMap((entry) => (entry.marker === "none" ? [entry.type] : []));
}

/** The entries that speak of a host: of thousands, a few. */
export function entriesFor(entries: readonly KnownHostEntry[], host: string, port: number): KnownHostEntry[] {
  const name = knownHostName(host, port);
  return entries.filter((entry) => matchesHosts(entry.hosts, name));
}

function matchesHosts(hosts: string, name: string): boolean {
  if (hosts.startsWith("|")) return matchesHash(hosts, name);
  let matches = false;
  for (const pattern of hosts.toLowerCase().split(",")) {
    const negated = pattern.startsWith("!");
    if (!matchesGlob(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false; // a negated match refuses the whole line
    matches = true;
  }
  return matches;
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, keyed by the salt. */
function matchesHash(hashed: string, name: string): boolean {
  const [, version, salt, hash] = hashed.split("|");
  if (version !== "1" || salt === undefined || hash === undefined) return false;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}

/** `*` and `?`, without back-tracking over more than the last `*`. */
function matchesGlob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let starText = 0;
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === "*") {
      star = p++;
      starText = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++starText;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
