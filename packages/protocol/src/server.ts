// A gRPC server that listens: bind, authorise, drain, close.

import { Server, ServerCredentials, ServerInterceptingCall, type ServerInterceptor, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { messageOf, SageError, type Secret } from "@sage/core";
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type AddressInfo, type Server as NetServer, type Socket } from "node:net";
import {
  healthService, jobsService, reflectionService, serverOptions, workersService,
  type HealthHandlers, type JobsHandlers, type ReflectionHandlers, type WorkersHandlers,
} from "./services.ts";
import { toStatus } from "./status.ts";
import { showsCertificate, type ServerTls } from "./tls/server-tls.ts";
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

export class NoClientCertificateError extends SageError {
  constructor() {
    super("the daemon wants a certificate of its callers, and this one has shown none that it trusts", {
      code: "SAGE_CLIENT_CERTIFICATE_UNAUTHENTICATED", fault: "user", hint: "Name one: daemon.tls.client_cert_file and daemon.tls.client_key_file.",
    });
  }
}

export interface GrpcServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** If set, calls of the Jobs service must carry it. */
  readonly token?: Secret;
  /** Absent: clear text. */
  readonly tls?: ServerTls;
  /** A client that says nothing is asked after so long, and let go of when it does not answer; default 30 s and 20 s. */
  readonly keepalive?: { readonly afterMs: number; readonly answerMs: number };
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
export async function startGrpcServer(services: GrpcServices, { host, port, token, tls, keepalive }: GrpcServerOptions): Promise<GrpcServer> {
  const interceptors = [...(tls?.asksForCertificate === true ? [requireCertificate] : []), ...(token ? [requireToken(token)] : [])];
  const watched = keepalive ? { "grpc.keepalive_time_ms": keepalive.afterMs, "grpc.keepalive_timeout_ms": keepalive.answerMs } : {};
  const server = new Server({ ...serverOptions, ...watched, interceptors });
  const add = (service: unknown, handlers: object | undefined) => {
    if (handlers) server.addService(service as ServiceDefinition, handlers as UntypedServiceImplementation);
  };
  add(jobsService, services.jobs);
  add(workersService, services.workers);
  add(healthService, services.health);
  add(reflectionService, services.reflection);
  const injector = server.createConnectionInjector(tls?.credentials ?? ServerCredentials.createInsecure());
  const listener = await listen(host, port, (socket) => injector.injectConnection(socket));
  return {
    port: (listener.address() as AddressInfo).port,
    drain: () => {
      listener.close();
      return new Promise((resolve) => { server.tryShutdown(() => resolve()); });
    },
    [Symbol.asyncDispose]: async () => {
      listener.close();
      server.forceShutdown();
    },
  };
}

/**
 * As many connections may wait until they are taken: thousands of workers come at once, and one that finds no place knocks
 * again after 1, 3, 7, … 127 s. Node's default, and all that gRPC's own listener gives, is 511; the kernel's somaxconn limits it.
 */
const backlog = 4_096;

function listen(host: string, port: number, onConnection: (socket: Socket) => void): Promise<NetServer> {
  const listener = createServer(onConnection);
  return new Promise((resolve, reject) => {
    listener.once("error", (error) => reject(new ListenError(host, port, messageOf(error))));
    listener.listen({ host, port, backlog }, () => resolve(listener));
  });
}

const isForJobs = ({ path }: { readonly path: string }): boolean => path.startsWith("/sage.v1.Jobs/");

/** As {@link requireToken}, of the Jobs service alone. */
const requireCertificate: ServerInterceptor = (method, call) =>
  new ServerInterceptingCall(call, {
    start: (next) => next({
      onReceiveMetadata: (metadata, pass) => {
        if (!isForJobs(method) || showsCertificate(call)) pass(metadata);
        else call.sendStatus(toStatus(new NoClientCertificateError()));
      },
    }),
  });

/** Only the Jobs service: workers prove themselves by their job's secret, health and reflection tell nothing. */
function requireToken(token: Secret): ServerInterceptor {
  const wrong = new WrongTokens();
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => next({
        onReceiveMetadata: (metadata, pass) => {
          if (!isForJobs(method)) return pass(metadata);
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
