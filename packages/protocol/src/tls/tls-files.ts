// Reads what TLS needs from files, and refuses what would fail later, or is open to others.

import { messageOf } from "@sage/core";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { TlsFileError } from "./errors.ts";

export interface CertificateFiles {
  /** Certificate, with those between it and its authority behind it (PEM). */
  readonly certPath: string;
  /** Its private key (PEM), mode 0600. */
  readonly keyPath: string;
}

export interface ReadPair {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly leaf: X509Certificate;
}

/** @throws {@link TlsFileError} naming the file. */
export function readPair({ certPath, keyPath }: CertificateFiles): ReadPair {
  const cert = readWhole(certPath);
  const leaf = certificateIn(certPath, cert);
  const key = readWhole(keyPath);
  if ((statSync(keyPath).mode & 0o077) !== 0) throw new TlsFileError(keyPath, "others can read it", `Run: chmod 600 ${keyPath}`);
  if (!isKeyOf(leaf, key, keyPath)) throw new TlsFileError(keyPath, `it is not the key of ${certPath}`, "Name the certificate and the key that were made together.");
  return { cert, key, leaf };
}

/** Certificates that are trusted, PEM. @throws {@link TlsFileError} */
export function readAuthorities(path: string): Buffer {
  const pem = readWhole(path);
  certificateIn(path, pem);
  return pem;
}

function readWhole(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TlsFileError(path, code === "ENOENT" ? "there is no such file" : messageOf(error), "Correct the path, or make the file.", error);
  }
}

function certificateIn(path: string, pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new TlsFileError(path, "there is no certificate in it", "It has to begin with -----BEGIN CERTIFICATE----- (PEM).", error);
  }
}

function isKeyOf(leaf: X509Certificate, key: Buffer, keyPath: string): boolean {
  try {
    return leaf.checkPrivateKey(createPrivateKey(key));
  } catch (error) {
    throw new TlsFileError(keyPath, "there is no private key in it that can be read without a passphrase", "It has to begin with -----BEGIN PRIVATE KEY----- (PEM).", error);
  }
}
