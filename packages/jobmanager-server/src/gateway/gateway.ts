// The daemon's door for browsers and for what scrapes it: http and websockets over the same JobManager as gRPC.
//
// Order of a request: its Host is ours, else nothing is said; then open paths (the page's own files, health, the link's
// ticket); then a session or the key; then the API. Every answer carries the same safety headers.

import { Cleanup, TaskGroup, type Clock, type Logger } from "@sage/core";
import { ListenError } from "@sage/protocol";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { JobManager } from "../jobs/job-manager.ts";
import type { ServerFacts } from "../services/job-service.ts";
import { isOwnHost, type Access } from "./access.ts";
import { offeredActions } from "./actions.ts";
import { answerError, answerJson, answerText, safetyHeaders } from "./answers.ts";
import { ForeignCallerError, NoSessionError } from "./errors.ts";
import { answerApi } from "./http-api.ts";
import { metricsText } from "./metrics.ts";
import { servePage } from "./page-connection.ts";
import { pageFiles } from "./page-files.ts";
import type { RayWatch } from "./ray-watch.ts";
import { SampleHistory } from "./sample-history.ts";

export interface GatewayOptions {
  /** Address to listen on. */
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The dashboard's built files; without them only the API is served. */
  readonly pageDir?: string;
  readonly access: Access;
  readonly jobs: JobManager;
  readonly facts: ServerFacts;
  /** The Ray cluster that is shown beside the daemon; absent: none. */
  readonly ray?: RayWatch;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Gateway extends AsyncDisposable {
  readonly port: number;
}

const apiPrefix = "/api/v1/";
const mostPages = 256;

/** @throws ListenError */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { jobs, clock, logger, access, host } = options;
  await using opened = new Cleanup();
  const work = opened.use(new TaskGroup((error) => logger.error("the http door's background work failed", { error })));
  const samples = new SampleHistory(jobs, clock);
  const parts = { jobs, clock, logger, samples, facts: options.facts, actions: offeredActions, ...(options.ray ? { ray: options.ray } : {}) };
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false, clientTracking: true });
  const files = pageFiles(options.pageDir);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(safetyHeaders)) response.setHeader(name, value);
    if (!isOwnHost(request.headers.host, host)) throw new ForeignCallerError("its Host is not this daemon");
    const url = new URL(request.url ?? "/", "http://daemon");
    if (url.pathname === "/healthz") return answerJson(response, { status: "ok" });
    if (url.pathname === "/open") return open(url, request, response);
    const isApi = url.pathname.startsWith(apiPrefix);
    if (!isApi && url.pathname !== "/metrics") return files(request, response);
    if (!access.isProgram(request) && !access.isPage(request)) throw new NoSessionError();
    if (isApi) return answerApi({ ...parts, access }, request, response, url, url.pathname.slice(apiPrefix.length));
    await options.ray?.look();
    answerText(response, 200, metricsText(parts, sockets.clients.size), "text/plain; version=0.0.4; charset=utf-8");
  };

  /** A link's ticket becomes a session. The ticket leaves the address bar at once. */
  const open = (url: URL, request: IncomingMessage, response: ServerResponse): void => {
    const cookie = request.method === "GET" ? access.redeem(url.searchParams.get("ticket") ?? "") : undefined;
    if (cookie !== undefined) response.setHeader("set-cookie", cookie);
    const ray = /^\d{1,5}$/.exec(url.searchParams.get("ray") ?? "")?.[0];
    const page = ray === undefined ? "/" : `/#/jobs?ray=${ray}`;
    response.writeHead(303, { location: cookie === undefined && !access.isPage(request) ? "/#/link-used" : page, "cache-control": "no-store" }).end();
  };

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    socket.on("error", () => socket.destroy());
    if (request.url !== `${apiPrefix}ws`) return void refuse("404 Not Found");
    if (!isOwnHost(request.headers.host, host)) return void refuse("403 Forbidden");
    if (!access.isProgram(request) && !access.isPage(request)) return void refuse("401 Unauthorized");
    if (sockets.clients.size >= mostPages) return void refuse("503 Service Unavailable");
    sockets.handleUpgrade(request, socket, head, (page) => work.start((signal) => servePage(page, parts, signal)));
  };

  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    void answer(request, response).catch((error: unknown) => {
      try {
        answerError(response, error);
      } catch {
        response.destroy();
      }
      if (!isExpected(error)) logger.error("an http request failed inside the daemon", { path: request.url, error });
    });
  });
  server.on("upgrade", upgrade);
  server.on("clientError", (_error, socket) => socket.destroy());
  opened.defer(() => close(server, sockets));
  const port = await listen(server, host, options.port);
  work.start((signal) => samples.run(signal));
  logger.info("the http door is open", { host, port });
  const owned = opened.move();
  return { port, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

const isExpected = (error: unknown): boolean => typeof error === "object" && error !== null && "code" in error && String((error as { code: unknown }).code).startsWith("SAGE_");

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new ListenError(host, port, error.message)));
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server, sockets: WebSocketServer): Promise<void> {
  return new Promise((resolve) => {
    for (const page of sockets.clients) page.close(1001, "the daemon is going away");
    server.close(() => resolve());
    server.closeAllConnections();
    for (const page of sockets.clients) page.terminate();
  });
}
