// Objects of an S3-compatible server: put (large ones in parts), get, list, delete. Requests are signed by aws4fetch and sent by Node's own
// client, because bodies are files of any size and need their length said.
//
// Invariants:
//   O1. What is put carries its sha256, which the server checks; what is got is checked here.
//   O2. What is put in parts is there when all its bytes are, and they have its hash; what broke off is given up, and no object.
//   O3. A request that failed in the network or in the server (5xx, 429) is repeated; each is harmless to repeat.

import { messageOf, SageError, withRetries } from "@sage/core";
import { AwsV4Signer } from "aws4fetch";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CheckpointDamagedError } from "../../errors.ts";
import type { S3Settings } from "./s3-settings.ts";

/** Nothing heard for so long, in milliseconds, is a lost connection. */
const silenceMs = 30_000;
const emptyHash = createHash("sha256").digest("hex");

/** Files of more bytes are put in parts of so many. S3 takes parts of 5 MiB to 5 GiB, and 10,000 of them. */
const defaultPartBytes = 256 * 1024 ** 2;
const mostParts = 10_000;

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

function textBody(text: string): Body {
  const bytes = Buffer.from(text);
  return { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex"), open: () => Readable.from([bytes]) };
}

export class S3Objects {
  readonly #settings: S3Settings;
  readonly #partBytes: number;

  constructor(settings: S3Settings, { partBytes = defaultPartBytes }: { readonly partBytes?: number } = {}) {
    this.#settings = settings;
    this.#partBytes = partBytes;
  }

  /** @param sha256 - of the file. @throws CheckpointDamagedError if a file of several parts has another one */
  async putFile(key: string, path: string, sha256: string, bytes: number): Promise<void> {
    if (bytes > this.#partBytes) return this.#putInParts(key, path, sha256, bytes);
    await this.#call("write", "PUT", key, "", { bytes, sha256, open: () => createReadStream(path) });
  }

  async #putInParts(key: string, path: string, sha256: string, bytes: number): Promise<void> { // O2
    const begun = await this.#call("write", "POST", key, "?uploads=", noBody);
    const upload = `uploadId=${encodeURIComponent(unescaped(/<UploadId>([^<]*)</.exec(begun)?.[1] ?? ""))}`;
    try {
      const whole = createHash("sha256");
      const parts: string[] = [];
      const partBytes = Math.max(this.#partBytes, Math.ceil(bytes / mostParts));
      for (let start = 0; start < bytes; start += partBytes) {
        const open = () => createReadStream(path, { start, end: Math.min(bytes, start + partBytes) - 1 });
        const part = createHash("sha256");
        for await (const chunk of open() as AsyncIterable<Buffer>) {
          whole.update(chunk);
          part.update(chunk);
        }
        const body = { bytes: Math.min(bytes, start + partBytes) - start, sha256: part.digest("hex"), open };
        const { headers } = await this.#answer("write", "PUT", key, `?partNumber=${parts.length + 1}&${upload}`, body);
        parts.push(`<Part><PartNumber>${parts.length + 1}</PartNumber><ETag>${headers.etag ?? ""}</ETag></Part>`);
      }
      if (whole.digest("hex") !== sha256) throw new CheckpointDamagedError(path, "its checksum is wrong");
      const said = await this.#call("write", "POST", key, `?${upload}`, textBody(`<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`));
      if (/<Error>/.test(said)) throw new ObjectStoreError(`write ${key}`, 500, saidIn(said)); // S3 says so behind a 200
    } catch (error) {
      await this.#call("give up", "DELETE", key, `?${upload}`, noBody).catch(() => {}); // the bucket's own rules end it
      throw error;
    }
  }

  async putText(key: string, text: string): Promise<void> {
    await this.#call("write", "PUT", key, "", textBody(text));
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

  async #call(what: string, method: string, key: string, query: string, body: Body): Promise<string> {
    return (await this.#answer(what, method, key, query, body)).text;
  }

  #answer(what: string, method: string, key: string, query: string, body: Body): Promise<{ readonly text: string; readonly headers: IncomingHttpHeaders }> {
    return this.#retried(what, key, async () => {
      const answer = await this.#send(method, key, query, body);
      const text = await textOf(answer);
      if (Math.floor((answer.statusCode ?? 0) / 100) !== 2) throw refused(what, key, answer, text);
      return { text, headers: answer.headers };
    });
  }

  /** O3 */
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
    const headers = { ...Object.fromEntries(signed.headers), ...(method === "PUT" || method === "POST" ? { "content-length": String(body.bytes) } : {}) };
    return new Promise((resolve, reject) => {
      const send = url.startsWith("https:") ? httpsRequest : httpRequest;
      const request = send(signed.url, { method, headers, timeout: silenceMs }, resolve);
      request.on("error", reject).on("timeout", () => request.destroy(new Error(`nothing heard for ${silenceMs / 1_000} s`)));
      pipeline(body.open(), request).catch(reject);
    });
  }
}

function refused(what: string, key: string, { statusCode = 0 }: IncomingMessage, text: string): ObjectStoreError {
  return new ObjectStoreError(`${what} ${key || "its objects"}`, statusCode, saidIn(text));
}

const saidIn = (text: string): string => /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? "no reason was given";

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const unescaped = (text: string): string => text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name]!);
