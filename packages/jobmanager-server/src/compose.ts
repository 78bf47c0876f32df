// The only place where the daemon's parts meet.

import { Cleanup, deferred, isLoopback, systemClock, TaskGroup, type Clock, type Logger, type Secret } from "@sage/core";
import { DriverDoor } from "@sage/ray-control";
import { dashboardKeyFileName, handlersWith, jobsService, ListenError, openServerTls, startGrpcServer, type GrpcServerOptions, type JobsHandlers, type TlsFacts } from "@sage/protocol";
import { join } from "node:path";
import type { DoorSettings } from "./door-flags.ts";
import { TlsNeededError, TokenNeededError } from "./errors.ts";
import { Access, openAccessKey } from "./gateway/access.ts";
import { RayWatch } from "./gateway/ray-watch.ts";
import { startGateway, type Gateway, type GatewayOptions } from "./gateway/gateway.ts";
import type { CheckpointStore } from "./checkpoint/checkpoint-store.ts";
import { S3Objects } from "./checkpoint/stores/s3-objects.ts";
import { openStoreFolder, type StoreSettings } from "./checkpoint/stores/store-settings.ts";
import { s3Store } from "./checkpoint/stores/s3-store.ts";
import { directoryStore } from "./checkpoint/stores/directory-store.ts";
import { defaultKeep } from "./checkpoint/settings.ts";
import { isTracingOn, JobTraces, type JobTracesParts } from "./tracing/job-traces.ts";
import { defaultAttemptTiming, type AttemptTiming } from "./jobs/attempt-parts.ts";
import { JobManager } from "./jobs/job-manager.ts";
import type { PlanLimits } from "./jobs/plan-check.ts";
import { UnreadResults } from "./jobs/unread-results.ts";
import { WorkerRegistry } from "./jobs/worker-registry.ts";
import { openLogSession, type SessionOptions } from "./logs/session.ts";
import { processDriver, sweepTempDir } from "./scheduling/drivers/process-driver.ts";
import { splitDriver } from "./scheduling/drivers/split-driver.ts";
import { openLocalRay } from "./scheduling/local-ray.ts";
import { rayAddress, rayTarget } from "./scheduling/drivers/ray/ray-address.ts";
import { rayDriver } from "./scheduling/drivers/ray-driver.ts";
import { StartGate } from "./scheduling/start-gate.ts";
import { withWarmWorkers } from "./scheduling/warm-workers.ts";
import { withDaemonTls } from "./scheduling/with-daemon-tls.ts";
import type { WorkerDriver } from "./scheduling/worker-driver.ts";
import { Health } from "./services/health-service.ts";
import { lateHandlers } from "./services/late-handlers.ts";
import { jobService } from "./services/job-service.ts";
import { reflectionHandlers } from "./services/reflection-service.ts";
import { workerService } from "./services/worker-service.ts";
import { watchCertificate } from "./services/certificate-watch.ts";
import { openWorkersDoor, type AdvertiseOptions } from "./services/workers-door.ts";
import { artifactAgeMs, sweepArtifacts } from "./jobs/artifact-sweep.ts";
import { openArtifactStore } from "./store/artifact-store.ts";
import { lockHome } from "./store/home-lock.ts";
import { openSqliteStore } from "./store/sqlite-store.ts";

/** A token and TLS are needed where `host` is not loopback. */
export interface DaemonOptions extends DoorSettings {
  /** Where all state, logs and temporary files are; made if it is missing. */
  readonly home: string;
  /** Program of a worker process, for the process driver. */
  readonly workerEntry: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 19001; 0: any free port. */
  readonly port?: number;
  readonly version?: string;
  readonly driver?: WorkerDriver;
  /** So many workers wait, started, on this host for the next job, where Ray runs none; default 0. */
  readonly warmWorkers?: number;
  /** Workers run on a Ray cluster; absent: as processes of this host. */
  readonly ray?: RaySettings;
  readonly clock?: Clock;
  readonly timing?: Partial<AttemptTiming>;
  /** How long a worker without its daemon goes on; default 60,000. */
  readonly gracePeriodMs?: number;
  /** Default 1,000. */
  readonly heartbeatIntervalMs?: number;
  /** Of clients: see `startGrpcServer`. */
  readonly keepalive?: NonNullable<GrpcServerOptions["keepalive"]>;
  readonly maxArtifactBytes?: number;
  /** Where checkpoints are kept; absent: in `home`. */
  readonly checkpointStore?: StoreSettings;
  /** How many checkpoints are kept of jobs that do not say; default 3. */
  readonly keepCheckpoints?: number;
  /** How many moves the history of a job keeps; default 400. */
  readonly keepHistory?: number;
  /** How long an artifact that no job names stays, in milliseconds; default a day. */
  readonly artifactAgeMs?: number;
  readonly planLimits?: PlanLimits;
  readonly logs?: SessionOptions;
  /** Whether another daemon will take over the jobs that run when this one ends; default true. */
  readonly hasSuccessor?: boolean;
  /** The door for browsers; absent: none. Always on loopback. */
  readonly http?: HttpOptions;
}

export interface RaySettings extends AdvertiseOptions {
  /** `ray://host:port`; `http://host:port` of Ray's dashboard, where only that can be reached; or `auto` for the Ray of this host. */
  readonly address: string;
  /** Which workers run there: all (default), or those of remote operators and services, while the others run on this host. */
  readonly runs?: "all" | "remote";
  /** With the address `auto`: a Ray is started here if none runs, and ended with the daemon. */
  readonly startsOwn?: boolean;
  readonly token?: Secret;
  /** Ports of workers for one another's data; default: any free ones. */
  readonly dataPorts?: { readonly from: number; readonly to: number };
  readonly placement?: "spread" | "pack";
  /** Started on each host before a job needs them; default 0. */
  readonly warmWorkers?: number;
  /** Where the worker's program and Node may lie on the hosts, besides where they lie on this one. */
  readonly entries?: readonly string[];
  readonly nodes?: readonly string[];
}

async function checkpointStore(dir: string, settings: StoreSettings | undefined, logger: Logger): Promise<CheckpointStore> {
  if (settings !== undefined && "dir" in settings) return directoryStore(await openStoreFolder(settings));
  const local = directoryStore(dir);
  const s3 = settings;
  return s3 ? s3Store({ objects: new S3Objects(s3), bucket: s3.bucket, prefix: s3.prefix, local, onTidyFailed: (jobId, error) => logger.warn("old checkpoints could not be removed from their store", { jobId, error }) }) : local;
}

export interface HttpOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Whether another port will do where that one is taken. */
  readonly mayMove?: boolean;
  /** The dashboard's built files. */
  readonly pageDir?: string;
  /** Ray's own dashboard, `http://127.0.0.1:8265`: what it says is shown with the daemon. Without a URL Ray is asked for it. */
  readonly rayDashboard?: RayDashboardSettings;
}

export interface RayDashboardSettings {
  readonly url?: string;
  readonly token?: Secret;
  /** Where that token is kept, in words for people. */
  readonly tokenPlace?: string;
}

/** A daemon that listens. Disposing of it fails what runs, ends the workers and frees port and home. */
export interface Daemon extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Of the door for browsers. */
  readonly httpPort?: number;
  /** How callers know it; absent: it speaks clear text. */
  readonly tls?: TlsFacts;
  readonly startedAtMs: number;
  readonly logger: Logger;
  readonly jobs: JobManager;
  /** From now on nothing is waited for: workers and calls are cut. */
  force(): void;
}

export const defaultPort = 19_001;
export const defaultHttpPort = 19_002;
const httpHost = "127.0.0.1";
const serviceNames = ["sage.v1.Jobs", "sage.v1.Workers", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"];
/** How long open calls may take to end when the daemon does. */
const drainMs = 2_000;

/** @throws TokenNeededError, TlsNeededError, TlsFileError, HomeLockedError, StateNotWrittenError, ListenError */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { home, host = "127.0.0.1", port = defaultPort, token, clock = systemClock, version = "0.1.0" } = options;
  if (!isLoopback(host) && !token) throw new TokenNeededError(host);
  if (!isLoopback(host) && !options.tls && options.isInsecure !== true) throw new TlsNeededError(host);
  const tls = options.tls && openServerTls(options.tls);
  await using opened = new Cleanup();
  opened.use(await lockHome(home));
  const startedAtMs = clock.now();
  const logs = opened.use(await openLogSession(join(home, "logs", "jobmanager"), clock, options.logs));
  const { logger } = logs;
  const tempDir = join(home, "tmp");
  const store = opened.use(await openSqliteStore(join(home, "jobmanager", "state.db"), { onDamage: (what) => logger.error("the disk has damaged the daemon's state", { what }) }));
  const left = (await store.load()).flatMap(({ running }) => running?.workers ?? []);
  await sweepTempDir(tempDir, new Set(left.map(({ kept }) => kept.tempDir)));
  const artifacts = await openArtifactStore(join(home, "jobmanager", "artifacts"), options.maxArtifactBytes);
  const gracePeriodMs = options.gracePeriodMs ?? 60_000;
  const registry = new WorkerRegistry({ heartbeatIntervalMs: options.heartbeatIntervalMs ?? 1_000, gracePeriodMs });
  const ray = options.ray && (await rayOf(options.ray, opened, logger));
  const door = new DriverDoor();
  const drives = options.driver ?? makeDriver({ ...options, ...(ray ? { ray } : {}) }, tempDir, { clock, logger, door, dataHost: () => workersAddress.replace(/:\d+$/, "") });
  const driver = tls ? withDaemonTls(drives, () => tls.facts) : drives;
  opened.defer(async () => driver[Symbol.asyncDispose]?.());
  let workersAddress = "";
  const health = new Health(serviceNames);
  const handlers = handlersWith((error, path) => logger.error("a call failed inside the daemon", { path, error }));
  const facts = { version, sessionId: logs.id, startedAtMs, logDir: logs.dir, driver: driver.name, pid: process.pid, home, httpPort: 0 };
  const workers = workerService(registry, clock, handlers, ray && door);
  const ready = deferred<JobsHandlers>();
  const server = opened.use(await startGrpcServer({
    jobs: lateHandlers(Object.keys(jobsService), ready.promise),
    workers,
    health: health.handlers(handlers),
    reflection: reflectionHandlers(serviceNames, handlers),
  }, { host, port, ...(token ? { token } : {}), ...(tls ? { tls } : {}), ...(options.keepalive ? { keepalive: options.keepalive } : {}) }));
  const own = isAnyAddress(host) ? "127.0.0.1" : host;
  workersAddress = `${own.includes(":") ? `[${own}]` : own}:${server.port}`;
  if (ray) workersAddress = opened.use(await openWorkersDoor(rayTarget(ray.address), workers, { host, port: server.port, tls }, ray)).address;
  door.open(() => ({ target: workersAddress, path: "/sage.v1.Workers/DriveRay", ...(tls ? { tls: tls.facts } : {}) }));
  const jobs = await JobManager.open({
    store, artifacts, logs, clock, logger, driver, registry, gracePeriodMs,
    keepCheckpoints: options.keepCheckpoints ?? defaultKeep,
    checkpoints: await checkpointStore(join(home, "jobmanager", "checkpoints"), options.checkpointStore, logger),
    hasSuccessor: options.hasSuccessor ?? true,
    unread: new UnreadResults(),
    gate: new StartGate(),
    timing: { ...defaultAttemptTiming, ...options.timing },
    ...(options.planLimits ? { planLimits: options.planLimits } : {}),
    ...(options.keepHistory ? { keepMoves: options.keepHistory } : {}),
    daemonAddress: () => workersAddress,
  });
  driver.sweep?.();
  const traces = isTracingOn(process.env) ? opened.use(await openTraces({ jobs, clock, logger }, version)) : undefined;
  await jobs.resume();
  registry.open();
  ready.resolve(jobService(jobs, facts, handlers, { traces, ...(driver.rayView ? { rayView: () => driver.rayView!() } : {}) }));
  const sweeping = opened.use(new TaskGroup((error) => logger.error("sweeping failed", { error })));
  sweeping.start((signal) => sweepArtifacts({ artifacts, store, clock, logger, records: () => jobs.list().map(({ record }) => record) }, options.artifactAgeMs ?? artifactAgeMs, signal));
  if (tls) sweeping.start((signal) => watchCertificate(tls, clock, logger, signal));
  if (!tls && !isLoopback(host)) logger.warn("the daemon speaks clear text with everybody, as it was told to: who listens in reads its token", { host });
  opened.defer(async () => {
    health.stopServing();
    await jobs[Symbol.asyncDispose]();
    await driver[Symbol.asyncDispose]?.(); // before the doors: its way to Ray may come in by one of them
    const timer = new AbortController();
    await Promise.race([server.drain(), clock.sleep(drainMs, timer.signal).catch(() => {})]);
    timer.abort();
    logger.info("the daemon has stopped");
  });
  logger.info("the daemon listens", { host, port: server.port, home, driver: driver.name, pid: process.pid, version });
  const httpPort = options.http && opened.use(await openHttpDoor(options.http, { jobs, facts, clock, logger, home, driver, ...(token ? { token } : {}) })).port;
  facts.httpPort = httpPort ?? 0;
  const owned = opened.move();
  let closing: Promise<void> | undefined;
  return {
    host, port: server.port, startedAtMs, logger, jobs,
    ...(httpPort === undefined ? {} : { httpPort }), ...(tls ? { tls: tls.facts } : {}),
    force() {
      jobs.force();
      void server[Symbol.asyncDispose]();
    },
    [Symbol.asyncDispose]: () => (closing ??= owned[Symbol.asyncDispose]()),
  };
}

/** OpenTelemetry is loaded only where it is wanted. */
async function openTraces(parts: Omit<JobTracesParts, "sink">, version: string): Promise<JobTraces> {
  const { openSpanSink } = await import("./tracing/span-sink.ts");
  return new JobTraces({ ...parts, sink: openSpanSink(version) });
}

/** With the address of a Ray that was started for this daemon, if it was. */
async function rayOf(settings: RaySettings, opened: Cleanup, logger: Logger): Promise<RaySettings> {
  if (settings.address !== "auto" || settings.startsOwn !== true) return settings;
  const { address } = opened.use(await openLocalRay(logger));
  return { ...settings, address };
}

interface DriverParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where a driver on Ray comes in. */
  readonly door: DriverDoor;
  /** Where the cluster reaches workers of this host. */
  dataHost(): string;
}

function makeDriver(options: DaemonOptions, tempDir: string, parts: DriverParts): WorkerDriver {
  const { ray, workerEntry, warmWorkers = 0 } = options;
  if (!ray) return withWarmWorkers(processDriver({ entry: workerEntry, tempDir }), { ...parts, count: warmWorkers });
  if (ray.runs !== "remote") return makeRayDriver(ray, options, parts);
  return splitDriver({ here: processDriver({ entry: workerEntry, tempDir, dataHost: parts.dataHost }), elsewhere: makeRayDriver(ray, options, parts) });
}

function makeRayDriver(ray: RaySettings, { workerEntry, home }: DaemonOptions, { clock, logger, door }: DriverParts): WorkerDriver {
  const { address, token, dataPorts, placement, entries, nodes, warmWorkers = 0 } = ray;
  return rayDriver({
    address: rayAddress(address), door, home, clock, logger, warmWorkers,
    program: { entry: workerEntry, ...(entries ? { entries } : {}), ...(nodes ? { nodes } : {}) },
    ...(token ? { token } : {}), ...(dataPorts ? { dataPorts } : {}), ...(placement ? { placement } : {}),
  });
}

type HttpParts = Omit<GatewayOptions, "host" | "port" | "pageDir" | "access"> & { readonly home: string; readonly driver: WorkerDriver; readonly token?: Secret };

async function openHttpDoor({ port, mayMove = false, pageDir, rayDashboard }: HttpOptions, { home, driver, token, ...parts }: HttpParts): Promise<Gateway> {
  const access = new Access({ key: await openAccessKey(join(home, dashboardKeyFileName)), clock: parts.clock, ...(token ? { token } : {}) });
  const { url, ...proof } = rayDashboard ?? {};
  const dashboard = url ?? driver.rayDashboard?.bind(driver);
  const ray = dashboard && new RayWatch({ dashboard, clock: parts.clock, ...proof });
  const options = { ...parts, host: httpHost, access, ...(pageDir === undefined ? {} : { pageDir }), ...(ray ? { ray } : {}) };
  try {
    return await startGateway({ ...options, port });
  } catch (error) {
    if (!mayMove || !(error instanceof ListenError)) throw error;
    parts.logger.warn("the http port is taken; another one is used", { port, error });
    return startGateway({ ...options, port: 0 });
  }
}

const isAnyAddress = (host: string): boolean => host === "0.0.0.0" || host === "::";
