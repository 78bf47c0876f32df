// What tells the daemon on the head where checkpoints are kept: the words of AWS' tools as its environment.
//
// Rule: credentials go in a file, mode 0600, in the daemon's home; neither a command line nor an environment has them.
import { readFile } from "node:fs/promises";
import type { CheckpointSettings } from "@sage/config";
import { messageOf, SageError } from "@sage/core";
import type { Host } from "@sage/ssh-deploy";

/** The file of credentials that the configuration names cannot be read on this machine. */
export class CredentialsUnreadableError extends SageError {
  constructor(path: string, cause: unknown) {
    super(`the credentials of the checkpoint store cannot be read: ${messageOf(cause)}`, { code: "SAGE_CHECKPOINT_CREDENTIALS", fault: "user", cause, hint: `checkpoints.credentials_file names ${path}.` });
  }
}

/**
 * As `sage jobmanager start` on this machine takes it: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the caller, else
 * the configured file. With neither, the daemon finds what lies on the head: `~/.aws/credentials`.
 *
 * @param env - the caller's. @param home - the daemon's, absolute.
 * @throws {@link CredentialsUnreadableError}
 */
export async function checkpointEnv(settings: CheckpointSettings, env: NodeJS.ProcessEnv, host: Pick<Host, "upload">, home: string, signal: AbortSignal): Promise<Record<string, string>> {
  const keep: Record<string, string> = settings.keep === undefined ? {} : { SAGE_CHECKPOINTS_KEEP: String(settings.keep) };
  if (settings.store === undefined) return keep;
  if (!settings.store.startsWith("s3:")) return { ...keep, SAGE_CHECKPOINTS_STORE: settings.store };
  const endpoint = settings.endpoint ?? (env["AWS_ENDPOINT_URL_S3"] || env["AWS_ENDPOINT_URL"]);
  const region = settings.region ?? (env["AWS_REGION"] || env["AWS_DEFAULT_REGION"]);
  const credentials = await credentialsText(settings.credentialsPath, env);
  const path = `${home}/s3-credentials`;
  if (credentials !== undefined) await host.upload(path, Buffer.from(credentials.text), { mode: 0o600, signal });
  return {
    ...keep, SAGE_CHECKPOINTS_STORE: settings.store, ...(endpoint ? { AWS_ENDPOINT_URL_S3: endpoint } : {}), ...(region ? { AWS_REGION: region } : {}),
    ...(credentials === undefined ? {} : { AWS_SHARED_CREDENTIALS_FILE: path, AWS_PROFILE: credentials.profile }),
  };
}

async function credentialsText(path: string | undefined, env: NodeJS.ProcessEnv): Promise<{ readonly text: string; readonly profile: string } | undefined> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env;
  if (id && secret) return { profile: "default", text: `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n${token ? `aws_session_token = ${token}\n` : ""}` };
  if (path === undefined) return undefined;
  const text = await readFile(path, "utf8").catch((error: unknown) => { throw new CredentialsUnreadableError(path, error); });
  return { profile: env["AWS_PROFILE"] || "default", text };
}
