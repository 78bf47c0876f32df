// A gRPC server that listens: bind, authorise, drain, close.

import { Server, ServerCredentials, ServerInterceptingCall, type ServerInterceptor, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { messageOf, SageError, type Secret } from "@sage/core";
import { createHash, timingSafeEqual } from "node:crypto";
import {
  healthService, jobsService, reflectionService, serverOptions, workersService,
  type HealthHandlers, type JobsHandlers, type ReflectionHandlers, type WorkersHandlers,
} from "./services.ts";
import { toStatus } from "./status.ts";
import { TooManyWrongTokensError, WrongTokens } from "./wrong-tokens.ts";

export class ListenError extends SageError {
  constructor(host: string, port: number, text: string) {
    super(`the daemon cannot listen on ${host}:${port}: ${text}`, {
      code: "SAGE_LISTEN_FAILED", fault: "user", hint: "Choose another --port, or 0 for any free one.",
    });
  }
}

export class UnauthenticatedError extends SageError {
  constructor() {
    super("the call carries no valid token", { code: "SAGE_UNAUTHENTICATED", fault: "user", hint: "Give the daemon's token." });
  }
}

export interface GrpcServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** If set, calls of the Jobs service must carry it. */
  readonly token?: Secret;
}

/** What is absent is not offered. */
export interface GrpcServices {
  readonly jobs?: JobsHandlers;
  readonly workers?: WorkersHandlers;
  readonly health?: HealthHandlers;
  readonly reflection?: ReflectionHandlers;
}

/** Disposing of it cuts what still runs. */
export interface GrpcServer extends AsyncDisposable {
  readonly port: number;
  /** Takes no new calls; resolves when the open ones have ended. */
  drain(): Promise<void>;
}

/** @throws {@link ListenError} */
export async function startGrpcServer(services: GrpcServices, { host, port, token }: GrpcServerOptions): Promise<GrpcServer> {
  const server = new Server({ ...serverOptions, ...(token ? { interceptors: [requireToken(token)] } : {}) });
  const add = (service: unknown, handlers: object | undefined) => {
    if (handlers) server.addService(service as ServiceDefinition, handlers as UntypedServiceImplementation);
  };
  add(jobsService, services.jobs);
  add(workersService, services.workers);
  add(healthService, services.health);
  add(reflectionService, services.reflection);
  const bound = await bind(server, host, port);
  return {
    port: bound,
    drain: () => new Promise((resolve) => { server.tryShutdown(() => resolve()); }),
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

function bind(server: Server, host: string, port: number): Promise<number> {
  const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(new ListenError(host, port, messageOf(error)));
      else resolve(bound);
    });
  });
}

/** Only the Jobs service: workers prove themselves by their job's secret, health and reflection tell nothing. */
function requireToken(token: Secret): ServerInterceptor {
  const wrong = new WrongTokens();
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => next({
        onReceiveMetadata: (metadata, pass) => {
          if (!method.path.startsWith("/sage.v1.Jobs/")) return pass(metadata);
          const peer = call.getPeer();
          const nowMs = performance.now();
          if (!wrong.mayTry(peer, nowMs)) return call.sendStatus(toStatus(new TooManyWrongTokensError()));
          if (isBearer(metadata.get("authorization")[0], token)) return pass(metadata);
          setTimeout(() => call.sendStatus(toStatus(new UnauthenticatedError())), wrong.note(peer, nowMs)).unref();
        },
      }),
    });
}

function isBearer(given: string | Buffer | undefined, token: Secret): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(String(given ?? "")), digest(`Bearer ${token.reveal()}`));
}
