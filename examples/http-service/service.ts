// A small HTTP service that runs pipelines for its callers, with the JobManager's client embedded.
//
//   POST   /jobs              { "text": "…", "parallelism"?: n }   202 { id }
//   GET    /jobs/:id                                               200 { id, status, operators, … }
//   GET    /jobs/:id/counts                                        200 one JSON line a word, as they come
//   DELETE /jobs/:id                                               200 { id, status }
//   GET    /health                                                 200 or 503

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { connectJobManager, type ConnectOptions, type JobManagerClient } from "@sage/jobmanager-client";

const entry = new URL("./word-count.ts", import.meta.url);
const longestBody = 1024 * 1024;

export interface Service extends AsyncDisposable {
  readonly port: number;
}

/** @param port - to listen on, of loopback; 0: any free one. */
export async function startService(port: number, jobManager: ConnectOptions = {}): Promise<Service> {
  const client = await connectJobManager(jobManager);
  const server = createServer((request, response) => { void answer(client, request, response); });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => { server.close(resolve); });
      client.close();
    },
  };
}

async function answer(client: JobManagerClient, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController(); // the caller hung up: whatever waits for it ends
  response.once("close", () => gone.abort(new Error("the caller hung up")));
  try {
    await route(client, request, response, gone.signal);
  } catch (error) {
    if (gone.signal.aborted) return;
    if (response.headersSent) response.destroy(error as Error); // half an answer must not look like a whole one
    else json(response, statusOf(error), { error: (error as Error).message, code: codeOf(error) });
  }
}

async function route(client: JobManagerClient, request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const [, id = "", part] = /^\/jobs(?:\/([\w-]+)(\/counts)?)?$/.exec(pathname) ?? [];
  if (pathname === "/health") {
    const health = await client.health({ signal });
    return json(response, health.healthy ? 200 : 503, health);
  }
  if (request.method === "POST" && pathname === "/jobs") {
    const { text, parallelism } = await bodyOf(request);
    const job = await client.submit({ entry, params: { text: String(text) }, ...(typeof parallelism === "number" ? { parallelism } : {}), labels: { by: "http-service" }, signal });
    return json(response, 202, { id: job.id });
  }
  if (request.method === "GET" && id !== "" && part !== undefined) return streamCounts(client, id, response, signal);
  if (request.method === "GET" && id !== "") return json(response, 200, await client.job(id).status({ signal }));
  if (request.method === "DELETE" && id !== "") return json(response, 200, await client.job(id).stop({ signal }));
  return json(response, 404, { error: `no ${request.method} ${pathname}`, code: "NO_ROUTE" });
}

/** Back-pressure reaches from the caller's socket to the job's operators. */
async function streamCounts(client: JobManagerClient, id: string, response: ServerResponse, signal: AbortSignal): Promise<void> {
  for await (const count of client.job(id).results("counts", { signal })) {
    if (!response.headersSent) response.writeHead(200, { "content-type": "application/x-ndjson" });
    if (!response.write(`${JSON.stringify(count)}\n`)) await once(response, "drain", { signal });
  }
  response.end();
}

class BadBodyError extends Error {
  readonly code = "BAD_BODY";
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longestBody) throw new BadBodyError(`the body is longer than ${longestBody} bytes`);
    chunks.push(chunk);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    if (typeof body === "object" && body !== null) return body as Record<string, unknown>;
  } catch {
    // the same answer for both
  }
  throw new BadBodyError("the body is not a JSON object");
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? "INTERNAL");

function statusOf(error: unknown): number {
  const code = codeOf(error);
  if (code === "BAD_BODY") return 400;
  if (code === "SAGE_JOB_NOT_FOUND" || code === "SAGE_NO_RESULTS") return 404;
  if (code === "SAGE_DAEMON_UNREACHABLE") return 503;
  return (error as { fault?: unknown }).fault === "user" ? 400 : 500;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
