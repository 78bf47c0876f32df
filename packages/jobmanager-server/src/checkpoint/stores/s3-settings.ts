// Where an S3-compatible checkpoint store is and who may write there: from an address, the environment, or a file.
//
// The names are those that AWS' own tools use, so what works for them works here.

import { Secret, SageError } from "@sage/core";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

export interface S3Settings {
  readonly bucket: string;
  /** In front of every key, without slashes at its ends; may be empty. */
  readonly prefix: string;
  /** `https://host[:port]`. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  readonly sessionToken?: Secret;
}

export class CheckpointStoreConfigError extends SageError {
  constructor(what: string) {
    super(`the checkpoint store cannot be used: ${what}`, {
      code: "SAGE_CHECKPOINT_STORE_INVALID", fault: "user",
      hint: "checkpoints.store is a folder of the daemon's host, or s3://BUCKET/PREFIX, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE; AWS_ENDPOINT_URL for a server that is not AWS.",
    });
  }
}

/** @throws {@link CheckpointStoreConfigError} */
export async function s3Settings(address: string, env: NodeJS.ProcessEnv): Promise<S3Settings> {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([A-Za-z0-9_./-]*))?$/.exec(address) ?? [];
  if (bucket === "") throw new CheckpointStoreConfigError(`${JSON.stringify(address)} is not like s3://bucket/prefix`);
  const region = env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || "us-east-1";
  const endpoint = (env["AWS_ENDPOINT_URL_S3"] || env["AWS_ENDPOINT_URL"] || `https://s3.${region}.amazonaws.com`).replace(/\/+$/, "");
  if (!/^https?:\/\/[^/\s]+$/.test(endpoint)) throw new CheckpointStoreConfigError(`the endpoint ${JSON.stringify(endpoint)} is not like https://host:port`);
  return { bucket, prefix: prefix.replace(/^\/+|\/+$/g, ""), endpoint, region, ...(await credentials(env)) };
}

async function credentials(env: NodeJS.ProcessEnv): Promise<Pick<S3Settings, "accessKeyId" | "secretAccessKey" | "sessionToken">> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env;
  if (id && secret) return { accessKeyId: id, secretAccessKey: new Secret(secret), ...(token ? { sessionToken: new Secret(token) } : {}) };
  const path = env["AWS_SHARED_CREDENTIALS_FILE"] || join(homedir(), ".aws", "credentials");
  const profile = env["AWS_PROFILE"] || "default";
  const text = await readFile(path, "utf8").catch(() => { throw new CheckpointStoreConfigError(`there are no credentials in the environment, and ${path} cannot be read`); });
  const fields = profileOf(text, profile);
  const [fileId, fileSecret, fileToken] = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"].map((name) => fields.get(name));
  if (!fileId || !fileSecret) throw new CheckpointStoreConfigError(`${path} has no aws_access_key_id and aws_secret_access_key for the profile ${profile}`);
  return { accessKeyId: fileId, secretAccessKey: new Secret(fileSecret), ...(fileToken ? { sessionToken: new Secret(fileToken) } : {}) };
}

/** The fields of one `[profile]` of a credentials file. */
function profileOf(text: string, profile: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let isIn = false;
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (line.startsWith("[")) isIn = line === `[${profile}]`;
    const [, name, value] = /^([a-z_]+)\s*=\s*(\S+)$/.exec(line) ?? [];
    if (isIn && name !== undefined && value !== undefined) fields.set(name, value);
  }
  return fields;
}
