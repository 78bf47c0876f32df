// The daemon's flags about who may call it: a token, and TLS.
//
//   --token-file FILE (or SAGE_TOKEN_FILE) --tls-cert FILE --tls-key FILE --tls-ca FILE --tls-client-ca FILE --insecure

import { Secret } from "@sage/core";
import type { ServerTlsFiles } from "@sage/protocol";
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { OpenTokenFileError } from "./errors.ts";
import { UsageError } from "./usage.ts";

export const doorFlags = {
  "token-file": { type: "string" }, "tls-cert": { type: "string" }, "tls-key": { type: "string" }, "tls-ca": { type: "string" }, "tls-client-ca": { type: "string" }, insecure: { type: "boolean" },
} as const;

type Values = { readonly [name in keyof typeof doorFlags]?: string | boolean | undefined };

export interface DoorSettings {
  readonly token?: Secret;
  readonly tls?: ServerTlsFiles;
  /** Clear text, also where others can listen in. */
  readonly isInsecure?: boolean;
}

/** @throws UsageError, OpenTokenFileError */
export async function doorSettings(values: Values, env: NodeJS.ProcessEnv): Promise<DoorSettings> {
  const file = (name: keyof typeof doorFlags) => (values[name] === undefined ? undefined : resolve(String(values[name])));
  const [certPath, keyPath, caPath, clientCaPath] = [file("tls-cert"), file("tls-key"), file("tls-ca"), file("tls-client-ca")];
  if ((certPath === undefined) !== (keyPath === undefined)) throw new UsageError("--tls-cert and --tls-key go together");
  if (certPath === undefined && (caPath ?? clientCaPath) !== undefined) throw new UsageError("--tls-ca and --tls-client-ca need --tls-cert");
  const tokenFile = file("token-file") ?? env["SAGE_TOKEN_FILE"];
  return {
    ...(tokenFile ? { token: await tokenIn(tokenFile) } : {}),
    ...(certPath === undefined || keyPath === undefined ? {} : { tls: { certPath, keyPath, ...(caPath === undefined ? {} : { caPath }), ...(clientCaPath === undefined ? {} : { clientCaPath }) } }),
    isInsecure: values.insecure === true,
  };
}

async function tokenIn(path: string): Promise<Secret> {
  if (((await stat(path)).mode & 0o077) !== 0) throw new OpenTokenFileError(path);
  return new Secret((await readFile(path, "utf8")).trim());
}
