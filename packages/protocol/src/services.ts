// The daemon's services as grpc-js wants them, typed, and clients of them.
//
// The definitions come from src/gen/descriptor.ts, so a bundle needs no .proto file at run time.

import { Client, Metadata, type ChannelOptions } from "@grpc/grpc-js";
import type { Secret } from "@sage/core";
import type { HealthDefinition, HealthHandlers as AnyHealthHandlers } from "./gen/grpc/health/v1/Health.ts";
import type { ServerReflectionDefinition, ServerReflectionHandlers as AnyReflectionHandlers } from "./gen/grpc/reflection/v1/ServerReflection.ts";
import type { JobsDefinition, JobsHandlers as AnyJobsHandlers } from "./gen/sage/v1/Jobs.ts";
import type { WorkersDefinition, WorkersHandlers as AnyWorkersHandlers } from "./gen/sage/v1/Workers.ts";
import { withHeartbeatBytes } from "./heartbeat-bytes.ts";
import { tolerant } from "./malformed.ts";
import { methodsOf } from "./method-definitions.ts";
import { clientSecurity, type ClientTls } from "./tls/client-tls.ts";

/** The largest message either side takes, in bytes. */
export const maxMessageBytes = 16 * 1024 * 1024;

/** The largest chunk of an upload, in bytes. */
export const uploadChunkBytes = 1024 * 1024;

/** Only the methods that the .proto file names. */
export type MethodsOf<Definition> = {
  readonly [Name in keyof Definition as string extends Name ? never : number extends Name ? never : Name]: Definition[Name];
};

export type JobsService = MethodsOf<JobsDefinition>;
export type WorkersService = MethodsOf<WorkersDefinition>;
export type HealthService = MethodsOf<HealthDefinition>;
export type ReflectionService = MethodsOf<ServerReflectionDefinition>;

export type JobsHandlers = MethodsOf<AnyJobsHandlers>;
export type WorkersHandlers = MethodsOf<AnyWorkersHandlers>;
export type HealthHandlers = MethodsOf<AnyHealthHandlers>;
export type ReflectionHandlers = MethodsOf<AnyReflectionHandlers>;

const serviceNamed = <Definition>(name: string, methods = methodsOf(name)): MethodsOf<Definition> => tolerant(methods) as unknown as MethodsOf<Definition>;

export const jobsService: JobsService = serviceNamed<JobsDefinition>("sage.v1.Jobs");
export const workersService: WorkersService = serviceNamed<WorkersDefinition>("sage.v1.Workers", withHeartbeatBytes(methodsOf("sage.v1.Workers")));
export const healthService: HealthService = serviceNamed<HealthDefinition>("grpc.health.v1.Health");
export const reflectionService: ReflectionService = serviceNamed<ServerReflectionDefinition>("grpc.reflection.v1.ServerReflection");

const sizeLimits: ChannelOptions = {
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_send_message_length": maxMessageBytes,
};

export const serverOptions: ChannelOptions = {
  ...sizeLimits,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 20_000,
};

const clientOptions: ChannelOptions = {
  ...sizeLimits,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 20_000,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
  "grpc.enable_http_proxy": 0, // a proxy of the web is no way to a daemon
};

export interface ClientOptions {
  /** Sent with every call; needed when the daemon listens on more than loopback. */
  readonly token?: Secret;
  /** Absent: clear text. */
  readonly tls?: ClientTls;
  /** More channel options, over the defaults. */
  readonly channel?: ChannelOptions;
}

/** One service at one daemon: what the functions of calls.ts take. Closing it twice is harmless. */
export interface ServiceClient<Service> extends AsyncDisposable {
  readonly service: Service;
  /** `host:port`. */
  readonly target: string;
  readonly channel: Client;
  metadata(): Metadata;
  close(): void;
}

export type JobsClient = ServiceClient<JobsService>;
export type WorkersClient = ServiceClient<WorkersService>;

/** A client of the Jobs service at `target` (`host:port`); connects with the first call. */
export const jobsClient = (target: string, options: ClientOptions = {}): JobsClient => clientOf(jobsService, target, options);
export const workersClient = (target: string, options: ClientOptions = {}): WorkersClient => clientOf(workersService, target, options);
export const healthClient = (target: string, options: ClientOptions = {}): ServiceClient<HealthService> => clientOf(healthService, target, options);
export const reflectionClient = (target: string, options: ClientOptions = {}): ServiceClient<ReflectionService> =>
  clientOf(reflectionService, target, options);

function clientOf<Service>(service: Service, target: string, options: ClientOptions): ServiceClient<Service> {
  const security = clientSecurity(target, options.tls);
  const channel = new Client(target, security.credentials, { ...clientOptions, ...security.options, ...options.channel });
  const { token } = options;
  const close = () => channel.close();
  return {
    service, target, channel, close,
    metadata() {
      const metadata = new Metadata();
      if (token) metadata.set("authorization", `Bearer ${token.reveal()}`);
      return metadata;
    },
    [Symbol.asyncDispose]: async () => close(),
  };
}
