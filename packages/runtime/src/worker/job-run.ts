// One job in a worker, from Deploy to the word that it has ended.
//
// Invariants:
//   J1. A run says Deployed at most once, then exactly one of Finished, Failed and Cancelled, and nothing behind that.
//   J2. Finished is said when all sinks are closed, all services cleaned up, and all lines and results handed over.
//   J3. The first failure is the one that is told; what fails while cleaning up behind it is logged.

import { Cleanup, deferred, messageOf, systemClock, type LogLevel } from "@sage/core";
import { instanceIn, type Deploy, type Peer, type Plan, type ResultCredit, type ServiceViewInit, type TaskMetricsInit, type WorkerBoot, type WorkerMessageInit } from "@sage/protocol";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Engine, LoopCount } from "../engine.ts";
import type { DataPlane } from "../exchange/index.ts";
import { ServiceHost } from "../services/service-host.ts";
import { stackText } from "../stack.ts";
import { writeProgram } from "../user-code/program-files.ts";
import { loadUserCode, type UserCode } from "../user-code/user-code.ts";
import type { GroupTime } from "../time/alignment.ts";
import type { UserSources } from "../user-sources.ts";
import { loggerOf } from "./line-logger.ts";
import { toFailureView } from "./failure-view.ts";
import { BlockBook } from "./block-book.ts";
import { watchBlocks } from "./block-watch.ts";
import type { ProfiledProgram } from "./cpu-profile.ts";
import { DeadLetters } from "./dead-letters.ts";
import { JobCheckpoints } from "./job-checkpoints.ts";
import { openEngine, toTaskMetrics } from "./job-engine.ts";
import { jobFiles, type JobFiles } from "./job-files.ts";
import type { LogLines } from "./log-lines.ts";
import { JobServices } from "./job-services.ts";
import type { Relay } from "./relay.ts";
import { ResultStream } from "./result-stream.ts";

/** When a job has failed or was cancelled: how long its functions may take to end before services are cleaned up, in milliseconds. */
const engineEndMs = 5_000;
/** And how long all of its clean-up may take. */
const endMs = 30_000;

export interface JobRunOptions {
  readonly boot: WorkerBoot;
  /** Of the link to the daemon. */
  readonly daemonNonce: Uint8Array;
  readonly deploy: Deploy;
  readonly plane: DataPlane;
  readonly relay: Relay;
  readonly lines: LogLines;
  /** Of the module that the watching thread loads. */
  readonly entry?: string | undefined;
  readonly send: (message: WorkerMessageInit) => Promise<void> | undefined;
}

/** Those that take records of this worker's. */
const peersOf = ({ peers }: Deploy, { slots }: Plan) => peers.filter(({ workerIndex }) => workerIndex < slots).map(({ workerIndex, dataAddress }) => ({ workerIndex, address: dataAddress }));

export class JobRun {
  readonly #options: JobRunOptions;
  readonly #plan: Plan;
  readonly #files: JobFiles;
  readonly #abort = new AbortController();
  readonly #started = deferred();
  readonly #results = new Map<string, ResultStream>();
  readonly checkpoints: JobCheckpoints;
  readonly #blocks = new BlockBook();
  #sources: UserSources | undefined;
  #code: UserCode | undefined;
  #programDir = "";
  #engine: Engine | undefined;
  #services: JobServices | undefined;
  #serviceHost: ServiceHost | undefined;
  #failure: { readonly error: unknown } | undefined;
  #cancelled = false;
  /** What a new stream must repeat. */
  #lastWord: WorkerMessageInit | undefined;
  /** Resolves when the job has ended here and that was said. */
  readonly ended: Promise<void>;

  constructor(options: JobRunOptions) {
    this.#options = options;
    this.#plan = JSON.parse(options.deploy.planJson) as Plan;
    this.#files = jobFiles(options.boot, options.daemonNonce);
    this.checkpoints = new JobCheckpoints({ files: this.#files, deploy: options.deploy, send: options.send, onFailure: (error) => this.fail(error) });
    const { workerIndex } = options.boot;
    for (const node of this.#plan.nodes) {
      const index = node.kind === "collect" ? instanceIn(node, workerIndex) : undefined;
      if (index !== undefined) this.#results.set(node.id, new ResultStream(node.id, index, options.send));
    }
    this.ended = this.#run();
  }

  start(): void {
    this.#started.resolve();
  }

  cancel(reason: string): void {
    this.#cancelled ||= this.#failure === undefined;
    this.#stop(new Error(reason || "cancelled"));
  }

  /** Ends the job because of an error that no operator has thrown. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#stop(error);
  }

  grant(credit: ResultCredit): void {
    this.#results.get(credit.nodeId)?.grant(credit);
  }

  align(groups: readonly GroupTime[]): void {
    this.#engine?.align(groups);
  }

  endLoop(loopId: string): void {
    this.#engine?.endLoop(loopId);
  }

  /** Undefined before it is there. */
  get program(): ProfiledProgram | undefined {
    return this.#sources && this.#code && { sources: this.#sources, graph: this.#code.graph, plan: this.#code.plan, awaited: () => this.#engine?.awaited() ?? [] };
  }

  loops(): readonly LoopCount[] {
    return this.#engine?.loops() ?? [];
  }

  metrics(): TaskMetricsInit[] {
    const metrics = this.#engine?.metrics() ?? [];
    return toTaskMetrics(metrics, systemClock.now(), this.#blocks);
  }

  serviceViews(): ServiceViewInit[] {
    const { host, workerIndex: index } = this.#options.boot;
    return (this.#services?.metrics(this.#serviceHost) ?? []).map((service) => ({ ...service, index, host, pid: process.pid }));
  }

  /** No more records come, or no more calls of the service that this worker is for. */
  drain(): void {
    if (this.#services?.own !== undefined) this.#services.drain();
    else this.checkpoints.drain();
  }

  peerMoved(peer: Peer): void {
    this.#services?.moved(peer);
  }

  /** Says again what a broken stream may have lost. */
  repeat(): void {
    for (const result of this.#results.values()) result.repeat();
    if (this.#lastWord === undefined || "deployed" in this.#lastWord) this.checkpoints.repeat();
    if (this.#lastWord) void this.#options.send(this.#lastWord);
  }

  #stop(reason: unknown): void {
    this.#abort.abort(reason); // the engine listens too
  }

  async #run(): Promise<void> {
    const cleanup = new Cleanup();
    try {
      await this.#work(cleanup);
      await cleanup[Symbol.asyncDispose]();
      for (const result of this.#results.values()) await result.end(this.#abort.signal);
    } catch (error) {
      this.fail(error);
      await this.#clean(cleanup);
    }
    await this.#options.lines.flush().catch(() => {}); // the stream has failed for good: nobody listens
    const [ending, services] = [this.#ending(), this.serviceViews()];
    if (services.length > 0 || !ending.finished) void this.#options.send({ heartbeat: { tasks: this.metrics(), services, rssBytes: process.memoryUsage.rss() } }); // the last numbers
    await this.#say(ending);
  }

  #ending(): WorkerMessageInit {
    if (this.#cancelled) return { cancelled: {} };
    if (!this.#failure) return { finished: { tasks: this.metrics() } };
    return { failed: { failure: toFailureView(this.#failure.error, this.#sources, this.#options.boot.host) } };
  }

  async #work(cleanup: Cleanup): Promise<void> {
    const { deploy, plane, boot, lines, send } = this.#options;
    const { signal } = this.#abort;
    const params = JSON.parse(deploy.paramsJson || "{}") as Record<string, string | number | boolean>;
    const code = (this.#code = await this.#load(deploy, params)); // never disposed of: the program must not submit behind the job's end
    signal.throwIfAborted();
    if (deploy.replanParallelism > 0) {
      await this.#say({ deployed: { fingerprint: code.plan.fingerprint, planJson: JSON.stringify(code.plan) } });
      return orAborted(new Promise<never>(() => {}), signal);
    }
    const services = (this.#services = new JobServices({ plan: code.plan, boot, deploy, plane, relay: this.#options.relay, programDir: this.#programDir, signal }));
    if (services.own === undefined) await plane.connect(peersOf(deploy, code.plan), signal);
    const host = (this.#serviceHost = await ServiceHost.open({
      services: code.graph.services, jobId: boot.jobId, params: code.params, signal, index: boot.workerIndex, elsewhere: services,
      loggerOf: (name) => loggerOf(lines, { name, index: boot.workerIndex }),
    }));
    cleanup.defer(() => host.close());
    signal.throwIfAborted();
    if (services.own !== undefined) return this.#serve(services, code.plan.fingerprint, signal);
    const letters = new DeadLetters(send, (error) => this.fail(error));
    const watch = this.#watchBlocks();
    cleanup.defer(() => watch?.[Symbol.dispose]());
    const opening = openEngine({
      code, boot, deploy, files: this.#files, plane, services: host.directory, lines, signal, checkpoints: this.checkpoints,
      onCollect: (nodeId, batch, afterCheckpoint) => this.#results.get(nodeId)!.add(batch, signal, afterCheckpoint),
      onDeadLetter: (letter) => letters.add(letter, this.#sources),
      onAlignment: (groups) => void send({ alignmentReport: { groups: [...groups] } }),
    });
    cleanup.defer(() => this.#closeEngine(opening));
    const engine = (this.#engine = await orAborted(opening, signal));
    this.checkpoints.attach(engine);
    await this.#say({ deployed: { fingerprint: code.plan.fingerprint } });
    await orAborted(this.#started.promise, signal);
    await orAborted(engine.run(), signal);
  }

  #watchBlocks(): Disposable | undefined {
    const { boot, daemonNonce, entry, lines } = this.#options;
    return entry === undefined ? undefined : watchBlocks({
      boot, daemonNonce, entry,
      stackOf: (frames) => (this.#sources ? stackText(frames.map(({ call, file, line, column }) => `    at ${call} (${file}:${line}:${column})`), this.#sources) : ""),
      onBlock: (block) => {
        this.#blocks.add(block);
        void lines.add({ level: "warn", ...(block.operator === "" ? {} : { place: { name: block.operator, index: block.index } }), text: `had blocked the worker's event loop for ${(block.durationMs / 1_000).toFixed(1)} s` });
      },
    });
  }

  /** Here is nothing but a service: it waits to be called, until nobody will. */
  async #serve(services: JobServices, fingerprint: string, signal: AbortSignal): Promise<void> {
    await this.#say({ deployed: { fingerprint } });
    await orAborted(services.drained, signal);
  }

  /** Behind a failure functions may hang; services are cleaned up all the same. */
  async #closeEngine(opening: Promise<Engine>): Promise<void> {
    const closed = opening.then((engine) => engine[Symbol.asyncDispose](), () => {}); // `open` has closed what it opened
    if (!this.#abort.signal.aborted) return closed;
    await this.#within(engineEndMs, closed, "its functions had not ended");
  }

  async #load(deploy: Deploy, params: Readonly<Record<string, string | number | boolean>>) {
    const { boot, lines } = this.#options;
    const { signal } = this.#abort;
    const fetched = [[deploy.bundlePath, deploy.bundleHash], [deploy.sourceMapPath, deploy.sourceMapHash]] as const;
    const [bundlePath = "", mapPath = ""] = await Promise.all(fetched.map(([path, hash]) => this.#files.artifact(path, hash, signal)));
    const [bundle, sourceMap] = await Promise.all([readFile(bundlePath), mapPath ? readFile(mapPath) : undefined]);
    const text = { bundle, bundleHash: deploy.bundleHash, ...(sourceMap ? { sourceMap, sourceMapHash: deploy.sourceMapHash } : {}) };
    const program = await writeProgram(text, join(boot.tempDir, "program"), deploy.baseDir ? { modulesNear: deploy.baseDir } : {});
    const { sources } = program;
    this.#sources = sources;
    this.#programDir = dirname(program.path);
    lines.tidy = (line) => sources.withoutPaths(line);
    return loadUserCode({
      program, plan: this.#plan, pipelineIndex: deploy.pipelineIndex, argv: deploy.argv, params, signal,
      ...(deploy.replanParallelism > 0 ? { replanParallelism: deploy.replanParallelism } : {}),
      onLateError: (error) => this.#log("warn", `the program failed behind its submit(): ${messageOf(error)}`),
    });
  }

  /** Cleans up behind a failure: not for ever, and without a new one. */
  async #clean(cleanup: Cleanup): Promise<void> {
    const cleaned = cleanup[Symbol.asyncDispose]().catch((error: unknown) => this.#log("error", `while cleaning up: ${messageOf(error)}`));
    await this.#within(endMs, cleaned, "its services were not cleaned up");
  }

  async #within(ms: number, work: Promise<void>, otherwise: string): Promise<void> {
    const over = new AbortController();
    const late = systemClock.sleep(ms, over.signal).then(() => this.#log("error", `${ms} ms after the end of the job ${otherwise}`), () => {});
    await Promise.race([work, late]).finally(() => over.abort());
  }

  #log(level: LogLevel, text: string): void {
    void this.#options.lines.add({ level, text });
  }

  async #say(message: WorkerMessageInit): Promise<void> {
    this.#lastWord = message;
    await this.#options.send(message);
  }
}

/** Waits for `work`, but not behind the signal. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
