// Requests to Ray's dashboard. By node:http and not by fetch: from 2.52 on Ray refuses what looks like a browser, and
// fetch always does. With a User-Agent: versions up to 2.44 fail without.

import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { Secret } from "@sage/core";
import { within, type CallOptions } from "../client/limits.ts";
import { RayRestError, RayUnreachableError } from "../errors.ts";

export interface RestOptions {
  /** What the cluster was started with in token mode. */
  readonly token?: Secret | string | undefined;
  /** Certificates to trust with https (PEM), in the place of the well-known ones. */
  readonly ca?: string | undefined;
  /** Default limit of a request, in milliseconds; default 30,000. */
  readonly timeoutMs?: number;
  /** Opens the stream that a request goes through, such as one through SSH; default: a socket to the URL's host. */
  readonly connect?: () => Promise<Duplex>;
}

export const userAgent = "sage-ray-control";
const maxAnswerBytes = 256 * 2 ** 20;

export interface RestRequest extends CallOptions {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** Sent as JSON; a Uint8Array as it is. */
  readonly body?: unknown;
}

/** One dashboard: knows its address and token. */
export class RestClient {
  readonly #base: URL;
  readonly #token: Secret | undefined;
  readonly #ca: string | undefined;
  readonly #timeoutMs: number;
  readonly #connect: RestOptions["connect"];

  /** @param url - `http://host:port`; a path before the API's is kept */
  constructor(url: string, { token, ca, timeoutMs = 30_000, connect }: RestOptions = {}) {
    this.#base = new URL(url.endsWith("/") ? url : `${url}/`);
    this.#token = typeof token === "string" ? new Secret(token) : token;
    this.#ca = ca;
    this.#timeoutMs = timeoutMs;
    this.#connect = connect;
  }

  url(path: string, query: RestRequest["query"] = {}): URL {
    const url = new URL(path.replace(/^\//, ""), this.#base);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    return url;
  }

  headers(): Record<string, string> {
    return { "user-agent": userAgent, ...(this.#token ? { authorization: `Bearer ${this.#token.reveal()}` } : {}) };
  }

  /** @throws {@link RayRestError} for any status but 2xx, {@link RayUnreachableError} */
  async send(request: RestRequest): Promise<Buffer> {
    const { method = "GET", path, query } = request;
    const url = this.url(path, query);
    const { status, body } = await this.#exchange(url, method, request);
    if (status < 200 || status > 299) throw new RayRestError(method, url.pathname, status, body.toString());
    return body;
  }

  async json(request: RestRequest): Promise<unknown> {
    const text = (await this.send(request)).toString();
    try {
      return JSON.parse(text);
    } catch {
      throw new RayRestError(request.method ?? "GET", request.path, 200, `not JSON: ${text.slice(0, 200)}`);
    }
  }

  #way(): RequestOptions {
    const connect = this.#connect;
    if (!connect) return { agent: false };
    return {
      createConnection: (_options, done) => {
        connect().then((stream) => done(null, stream), (error: Error) => done(error, undefined as never));
        return undefined;
      },
    };
  }

  async #exchange(url: URL, method: string, { body, signal, timeoutMs = this.#timeoutMs }: RestRequest): Promise<{ status: number; body: Buffer }> {
    const data = body === undefined ? undefined : body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
    const headers: OutgoingHttpHeaders = {
      ...this.headers(), accept: "application/json",
      ...(data ? { "content-type": body instanceof Uint8Array ? "application/octet-stream" : "application/json", "content-length": data.length } : {}),
    };
    const call = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, { method, headers, ...(this.#ca === undefined ? {} : { ca: this.#ca }), ...this.#way() });
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      call.once("response", resolve);
      call.on("error", (error) => reject(new RayUnreachableError(url.host, error.message, error, "dashboard")));
      call.end(data);
    });
    const read = answer.then(async (message) => ({ status: message.statusCode ?? 0, body: await bodyOf(message, url.host) }));
    return within(read, `${method} ${url.pathname}`, { timeoutMs, ...(signal ? { signal } : {}) }, () => call.destroy());
  }
}

async function bodyOf(message: IncomingMessage, host: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of message as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > maxAnswerBytes) throw new Error(`an answer of more than ${maxAnswerBytes} bytes`);
      parts.push(part);
    }
  } catch (error) {
    throw new RayUnreachableError(host, (error as Error).message, error, "dashboard");
  }
  return Buffer.concat(parts);
}
