// An S3-compatible server for tests, in this process: s3rver, which keeps objects in a folder. It knows keys by
// their id, and does not look at signatures of version 4: s3-objects.test.ts does.

import { Secret } from "@sage/core";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type { Server } from "node:http";
import type { S3Settings } from "../checkpoint/stores/s3-settings.ts";
import { makeTempDir } from "./test-daemon.ts";

type S3rver = new (options: object) => { run(): Promise<AddressInfo>; close(): Promise<void>; readonly httpServer: Server };
const S3rver = createRequire(import.meta.url)("s3rver") as S3rver;

export interface S3Server extends AsyncDisposable {
  readonly settings: S3Settings;
  /** Where the bucket's objects are. */
  readonly dir: string;
}

export async function startS3Server(): Promise<S3Server> {
  const dir = await makeTempDir();
  const server = new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory: dir.path, configureBuckets: [{ name: "checkpoints" }] });
  const { port } = await server.run();
  const settings = { bucket: "checkpoints", prefix: "team/sage", endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", accessKeyId: "S3RVER", secretAccessKey: new Secret("S3RVER") };
  return {
    settings, dir: dir.path,
    [Symbol.asyncDispose]: async () => {
      server.httpServer.closeAllConnections();
      await server.close();
      await dir[Symbol.asyncDispose]();
    },
  };
}
