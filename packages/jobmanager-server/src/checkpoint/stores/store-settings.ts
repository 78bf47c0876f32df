// Where checkpoints are kept, out of one address: a folder of this host, or a bucket of an S3-compatible server.

import { messageOf } from "@sage/core";
import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, normalize } from "node:path";
import { CheckpointStoreConfigError, s3Settings, type S3Settings } from "./s3-settings.ts";

/** A folder of this host, absolute; all of it is made if need be. */
export interface FolderSettings {
  readonly dir: string;
}

export type StoreSettings = FolderSettings | S3Settings;

/** @param address - `s3://BUCKET/PREFIX`, an absolute path, or `~/PATH`. @throws {@link CheckpointStoreConfigError} */
export async function storeSettings(address: string, env: NodeJS.ProcessEnv): Promise<StoreSettings> {
  if (address.startsWith("s3:")) return s3Settings(address, env);
  const dir = address.startsWith("~/") ? join(env["HOME"] || homedir(), address.slice(2)) : address;
  if (!isAbsolute(dir)) throw new CheckpointStoreConfigError(`${JSON.stringify(address)} is neither an absolute path nor like s3://bucket/prefix`);
  return { dir: normalize(dir) };
}

/** Sees to it that the daemon can write there. @throws {@link CheckpointStoreConfigError} */
export async function openStoreFolder({ dir }: FolderSettings): Promise<string> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await access(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new CheckpointStoreConfigError(messageOf(error));
  }
  return dir;
}
