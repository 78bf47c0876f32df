// Makes X.509 certificates: an authority of one's own, and what it vouches for. Node reads certificates but makes none,
// and not every machine has openssl.
//
// Rule: keys are new for every certificate (ECDSA on P-256) and leave this file as PEM only.

import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign, X509Certificate, type KeyObject } from "node:crypto";
import { isIP } from "node:net";
import { bits, explicit, implicit, integer, octets, oid, sequence, setOf, text, time, yes } from "./der.ts";

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  /** PEM, PKCS #8. Never to be shown. */
  readonly key: string;
}

export interface CertificateFacts {
  /** What people see it called by. */
  readonly name: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface ServerFacts extends CertificateFacts {
  /** Host names and IP addresses that it stands for; at least one. */
  readonly names: readonly string[];
}

/** An authority that vouches for itself. */
export function makeAuthority(facts: CertificateFacts): Certificate {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const usage = [extension("2.5.29.19", sequence(yes), true), extension("2.5.29.15", bits(Buffer.from([0x06]), 1), true)];
  return written(pair, facts, usage, { name: facts.name, key: pair.privateKey, keyId: keyIdOf(pair.publicKey) });
}

/** What servers and clients show: `authority` vouches for it. @returns its `cert` has the authority's behind its own. */
export function makeCertificate(facts: ServerFacts, authority: Certificate): Certificate {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const by = new X509Certificate(authority.cert);
  const usage = [
    extension("2.5.29.19", sequence(), true),
    extension("2.5.29.15", bits(Buffer.from([0x80]), 7), true),
    extension("2.5.29.37", sequence(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2"))),
    extension("2.5.29.17", sequence(...facts.names.map(altName))),
  ];
  const made = written(pair, facts, usage, { name: commonNameOf(by.subject), key: createPrivateKey(authority.key), keyId: keyIdOf(by.publicKey) });
  return { ...made, cert: `${made.cert}${authority.cert}` };
}

interface Issuer {
  readonly name: string;
  readonly key: KeyObject;
  readonly keyId: Buffer;
}

function written({ publicKey, privateKey }: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }, facts: CertificateFacts, extensions: readonly Buffer[], issuer: Issuer): Certificate {
  const signed = sequence(oid("1.2.840.10045.4.3.2"));
  const keyIds = [extension("2.5.29.14", octets(keyIdOf(publicKey))), extension("2.5.29.35", sequence(implicit(0, issuer.keyId)))];
  const facts3 = sequence(
    explicit(0, integer(Buffer.from([2]))), integer(randomBytes(16)), signed, nameOf(issuer.name),
    sequence(time(facts.fromMs), time(facts.untilMs)), nameOf(facts.name), spki(publicKey), explicit(3, sequence(...extensions, ...keyIds)),
  );
  const whole = sequence(facts3, signed, bits(sign("sha256", facts3, issuer.key)));
  return { cert: pem(whole), key: String(privateKey.export({ type: "pkcs8", format: "pem" })) };
}

const pem = (der: Buffer): string => `-----BEGIN CERTIFICATE-----\n${(der.toString("base64").match(/.{1,64}/g) ?? []).join("\n")}\n-----END CERTIFICATE-----\n`;
const spki = (key: KeyObject): Buffer => key.export({ type: "spki", format: "der" });
const keyIdOf = (key: KeyObject): Buffer => createHash("sha1").update(spki(key)).digest(); // a name for the key, not a proof
const nameOf = (commonName: string): Buffer => sequence(setOf(sequence(oid("2.5.4.3"), text(commonName))));
const commonNameOf = (subject: string): string => /^CN=(.*)$/m.exec(subject)?.[1] ?? subject;
const extension = (id: string, value: Buffer, isCritical = false): Buffer => sequence(oid(id), ...(isCritical ? [yes] : []), octets(value));
const altName = (name: string): Buffer => (isIP(name) === 0 ? implicit(2, Buffer.from(name)) : implicit(7, ipBytes(name)));

function ipBytes(ip: string): Buffer {
  if (isIP(ip) === 4) return Buffer.from(ip.split(".").map(Number));
  const [, groups = ""] = /^\[(.*)\]$/.exec(new URL(`http://[${ip}]`).hostname) ?? []; // in its short form
  const [head = "", tail] = groups.split("::");
  const words = (part: string) => (part === "" ? [] : part.split(":").map((word) => Number.parseInt(word, 16)));
  const [front, back] = [words(head), words(tail ?? "")];
  const all = tail === undefined ? front : [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back];
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}
