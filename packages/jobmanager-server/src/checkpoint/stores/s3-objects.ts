// Objects of an S3-compatible server: put, get, list, delete. Requests are signed by aws4fetch and sent by Node's own
// client, because bodies are files of any size and need their length said.
//
// Invariants:
//   O1. What is put carries its sha256, which the server checks; what is got is checked here.
//   O2. A request that failed in the network or in the server (5xx, 429) is repeated; each is harmless to repeat.

import { messageOf, SageError, withRetries } from "@sage/core";
import { AwsV4Signer } from "aws4fetch";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CheckpointDamagedError } from "../../errors.ts";
import type { S3Settings } from "./s3-settings.ts";

/** Nothing heard for so long, in milliseconds, is a lost connection. */
const silenceMs = 30_000;
const emptyHash = createHash("sha256").digest("hex");

/** An object that is put by one request has at most so many bytes. */
const mostBytes = 5 * 1024 ** 3;

/** A file of state that S3 does not take at once. Keyed state is spread over 16 files an instance: it does not come near. */
export class StateFileTooLargeError extends SageError {
  constructor(key: string, bytes: number) {
    super(`the checkpoint store takes objects of at most 5 GiB, and ${key} has ${(bytes / 1024 ** 3).toFixed(1)} GiB`, {
      code: "SAGE_STATE_FILE_TOO_LARGE", fault: "user", hint: "Keep state by key (ctx.state), which is spread over many files, and spread keys over more instances: `parallelism`.",
    });
  }
}

export class ObjectStoreError extends SageError {
  readonly status: number;

  constructor(what: string, status: number, said: string, cause?: unknown) {
    const hint = status === 403 ? "The credentials may not do that in this bucket." : status === 404 ? "The bucket must be there already." : undefined;
    super(`the checkpoint store failed to ${what}: ${status > 0 ? `${status} ` : ""}${said}`, {
      code: "SAGE_CHECKPOINT_STORE_FAILED", fault: "cluster", retryable: status === 0 || status === 429 || status >= 500, cause, ...(hint === undefined ? {} : { hint }),
    });
    this.status = status;
  }
}

interface Body {
  readonly bytes: number;
  readonly sha256: string;
  open(): Readable;
}

const noBody: Body = { bytes: 0, sha256: emptyHash, open: () => Readable.from([]) };

export class S3Objects {
  readonly #settings: S3Settings;

  constructor(settings: S3Settings) {
    this.#settings = settings;
  }

  /** @param sha256 - of the file. @throws {@link StateFileTooLargeError} */
  async putFile(key: string, path: string, sha256: string, bytes: number): Promise<void> {
    if (bytes > mostBytes) throw new StateFileTooLargeError(key, bytes);
    await this.#call("write", "PUT", key, "", { bytes, sha256, open: () => createReadStream(path) });
  }

  async putText(key: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    await this.#call("write", "PUT", key, "", { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex"), open: () => Readable.from([bytes]) });
  }

  /** @throws ObjectStoreError with status 404 if it is not there. */
  getText(key: string): Promise<string> {
    return this.#call("read", "GET", key, "", noBody);
  }

  /** @throws CheckpointDamagedError if its bytes have another hash. */
  async getFile(key: string, path: string, sha256: string): Promise<void> {
    const actual = await this.#retried("read", key, async () => {
      const hash = createHash("sha256");
      const answer = await this.#send("GET", key, "", noBody);
      if (answer.statusCode !== 200) throw refused("read", key, answer, await textOf(answer));
      await pipeline(answer, async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      }, createWriteStream(path, { mode: 0o600, flags: "w" }));
      return hash.digest("hex");
    });
    if (actual !== sha256) throw new CheckpointDamagedError(key, "its checksum is wrong");
  }

  async delete(key: string): Promise<void> {
    await this.#call("remove", "DELETE", key, "", noBody);
  }

  /** All keys that begin with `prefix`. */
  async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for (let token: string | undefined = ""; token !== undefined;) {
      const query = `?${token === "" ? "" : `continuation-token=${encodeURIComponent(token)}&`}list-type=2&prefix=${encodeURIComponent(prefix)}`;
      const page: string = await this.#call("list", "GET", "", query, noBody);
      keys.push(...[...page.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => unescaped(key!)));
      token = /<IsTruncated>true<\/IsTruncated>/.test(page) ? unescaped(/<NextContinuationToken>([^<]*)</.exec(page)?.[1] ?? "") || undefined : undefined;
    }
    return keys;
  }

  #call(what: string, method: string, key: string, query: string, body: Body): Promise<string> {
    return this.#retried(what, key, async () => {
      const answer = await this.#send(method, key, query, body);
      const text = await textOf(answer);
      if (Math.floor((answer.statusCode ?? 0) / 100) !== 2) throw refused(what, key, answer, text);
      return text;
    });
  }

  /** O2 */
  #retried<T>(what: string, key: string, work: () => Promise<T>): Promise<T> {
    const once = () => work().catch((error: unknown) => { throw error instanceof SageError ? error : new ObjectStoreError(`${what} ${key || "its objects"}`, 0, messageOf(error), error); });
    return withRetries(once, { attempts: 4, baseMs: 200, retryIf: (error) => error instanceof ObjectStoreError && error.retryable });
  }

  async #send(method: string, key: string, query: string, body: Body): Promise<IncomingMessage> {
    const { endpoint, bucket, region, accessKeyId, secretAccessKey, sessionToken } = this.#settings;
    const url = `${endpoint}/${bucket}${key === "" ? "" : `/${key}`}${query}`;
    const signer = new AwsV4Signer({
      method, url, region, service: "s3", accessKeyId, secretAccessKey: secretAccessKey.reveal(),
      headers: { "x-amz-content-sha256": body.sha256 }, ...(sessionToken ? { sessionToken: sessionToken.reveal() } : {}), // O1
    });
    const signed = await signer.sign();
    const headers = { ...Object.fromEntries(signed.headers), ...(method === "PUT" ? { "content-length": String(body.bytes) } : {}) };
    return new Promise((resolve, reject) => {
      const send = url.startsWith("https:") ? httpsRequest : httpRequest;
      const request = send(signed.url, { method, headers, timeout: silenceMs }, resolve);
      request.on("error", reject).on("timeout", () => request.destroy(new Error(`nothing heard for ${silenceMs / 1_000} s`)));
      pipeline(body.open(), request).catch(reject);
    });
  }
}

function refused(what: string, key: string, { statusCode = 0 }: IncomingMessage, text: string): ObjectStoreError {
  const said = /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? "no reason was given";
  return new ObjectStoreError(`${what} ${key || "its objects"}`, statusCode, said);
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const unescaped = (text: string): string => text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name]!);
