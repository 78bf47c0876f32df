// The daemon's certificate where it listens on more than loopback: the operator's own, or one that Sage makes.
//
// Rules:
//   C1. The authority is made once for each home of Sage and vouches for all its daemons; its key never leaves this machine.
//   C2. A certificate is made anew with every start of the daemon, so nobody has to think of the day when it ends.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { madeCaPath, type TlsSettings } from "@sage/config";
import type { Clock } from "@sage/core";
import { makeAuthority, makeCertificate, readPair, TlsFileError, type Certificate } from "@sage/protocol/files";

const dayMs = 86_400_000;
const authorityLifeMs = 20 * 365 * dayMs;
const certificateLifeMs = 397 * dayMs; // what the strictest callers take
/** Clocks differ. */
const slackMs = dayMs;

/**
 * @param names - host names and addresses that callers use; the first one is what workers ask for.
 * @throws TlsFileError for files of the operator's own that cannot be used.
 */
export async function daemonCertificate(tls: TlsSettings, names: readonly string[], clock: Pick<Clock, "now">): Promise<Certificate> {
  if (tls.certPath !== undefined && tls.keyPath !== undefined) {
    const { cert, key } = readPair({ certPath: tls.certPath, keyPath: tls.keyPath });
    return { cert: String(cert), key: String(key) };
  }
  const now = clock.now();
  const all = [...new Set([...names, "localhost", "127.0.0.1", "::1"])];
  return makeCertificate({ name: names[0] ?? "localhost", names: all, fromMs: now - slackMs, untilMs: now + certificateLifeMs }, await authority(tls, now));
}

async function authority(tls: TlsSettings, now: number): Promise<Certificate> {
  const [certPath, keyPath] = [madeCaPath(tls), join(tls.madeDir, "ca.key")];
  const known = await Promise.all([certPath, keyPath].map((path) => readFile(path, "utf8").catch(() => undefined)));
  if (known[0] !== undefined && known[1] !== undefined) return { cert: known[0], key: known[1] };
  if (known[0] !== undefined) throw new TlsFileError(keyPath, "it is missing, so that no certificate can be made for the daemon", `Bring it back, or remove ${certPath} too: then both are made anew, and every caller needs the new ca.pem.`);
  const made = makeAuthority({ name: "Sage", fromMs: now - slackMs, untilMs: now + authorityLifeMs });
  await mkdir(dirname(certPath), { recursive: true, mode: 0o700 });
  await writeFile(keyPath, made.key, { mode: 0o600 });
  await writeFile(certPath, made.cert);
  return made;
}
