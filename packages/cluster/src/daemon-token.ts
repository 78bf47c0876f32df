// The token that a daemon wants of its callers where it listens on more than loopback.
import { randomBytes } from "node:crypto";
import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { readSecret, type SecretRef } from "@sage/config";
import { isLoopback, type Secret } from "@sage/core";
import type { ClusterSession } from "./session.ts";

/** Undefined where none is needed and none was made. */
export async function daemonToken(session: ClusterSession): Promise<Secret | undefined> {
  const { token, bindHost } = session.cluster.daemon;
  if (isLoopback(bindHost) && token.from === "file" && !(await exists(token.path))) return undefined;
  return readSecret(token, session.env);
}

/** Makes the token's file where the daemon will need it and it is missing. Mode 0600. */
export async function ensureToken(session: ClusterSession): Promise<Secret | undefined> {
  const { token, bindHost } = session.cluster.daemon;
  if (!isLoopback(bindHost)) await makeToken(token);
  return daemonToken(session);
}

async function makeToken(token: SecretRef): Promise<void> {
  if (token.from !== "file" || (await exists(token.path))) return;
  await mkdir(dirname(token.path), { recursive: true, mode: 0o700 });
  await writeFile(token.path, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
}

/** The file of the token for a daemon of this machine; made where it is missing. @param otherwise - where one that is in no file is put. */
export async function tokenFile(token: SecretRef, env: NodeJS.ProcessEnv, otherwise: string): Promise<string> {
  await makeToken(token);
  if (token.from === "file") return token.path;
  await mkdir(dirname(otherwise), { recursive: true, mode: 0o700 });
  await writeFile(otherwise, (await readSecret(token, env)).reveal(), { mode: 0o600 });
  return otherwise;
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);
