// One attempt of a job: its workers, from the first process to the last.
//
// Invariants:
//   T1. An attempt has one outcome: what is decided first stays (a secondary failure waits shortly for its cause).
//   T2. Every wait has an end: start-up, deployment, heartbeats and release have their time-outs.
//   T3. After `release` no process, connection or temporary file of the attempt is left.

import { deferred, isSageError, messageOf, newWorkerId, TaskGroup } from "@sage/core";
import { remoteServicesOf, workerOf, type DeployInit, type Hello, type PeerSilent, type PulseRequest, type Relayed, type TaskMetrics, type WorkerMessage } from "@sage/protocol";
import { Coordinator } from "../checkpoint/coordinator.ts";
import { setMaxListeners } from "node:events";
import type { Gang, WorkerExit, WorkerHandle, WorkerSpec } from "../scheduling/worker-driver.ts";
import { isRemoteSlot, slotResources } from "../scheduling/slot-resources.ts";
import { orAborted, settledWithin } from "../waits.ts";
import type { AttemptOutcome, AttemptParts, AttemptSpec, StartedAttempt } from "./attempt-parts.ts";
import { attemptFiles, type AttemptFiles } from "./attempt-files.ts";
import { AttemptWorker } from "./attempt-worker.ts";
import { endWorker } from "./end-worker.ts";
import * as cause from "./cause.ts";
import { watchHeartbeats } from "./heartbeats.ts";
import { ServiceWorkers } from "./service-workers.ts";
import { LoopRounds } from "./loop-rounds.ts";
import { AlignmentGroups } from "./alignment-groups.ts";
import { blockLine, deadLetterLine } from "./log-lines.ts";
import { WorkerProfiles } from "./worker-profiles.ts";
import type { AttachPoint, WorkerLink, WorkerSession } from "./worker-registry.ts";

export class Attempt implements AttachPoint {
  readonly files: AttemptFiles;
  readonly jobId: string;
  readonly attempt: number;
  readonly secretHex: string;
  readonly #spec: AttemptSpec;
  readonly #parts: AttemptParts;
  readonly #workers: readonly AttemptWorker[];
  /** Those that run operators: the first of all. */
  readonly #operators: readonly AttemptWorker[];
  readonly #services: ServiceWorkers;
  readonly #loops: LoopRounds;
  readonly checkpoints: Coordinator;
  readonly profiles: WorkerProfiles;
  readonly #alignment = new AlignmentGroups();
  readonly #decided = deferred<AttemptOutcome>();
  readonly #background: TaskGroup;
  #firstCause: cause.Cause | undefined;
  #starts: readonly Promise<void>[] = [];
  #releasing = false;
  #startedAtMs: number | undefined;
  #isDrained = false;
  /** Of every Hello that was let in: none serves twice. */
  readonly #nonces = new Set<string>();
  /** Resolves when its tasks run. */
  readonly #follows = deferred();

  constructor(spec: AttemptSpec, parts: AttemptParts) {
    this.jobId = spec.jobId;
    this.attempt = spec.number;
    this.secretHex = spec.secretHex;
    this.#spec = spec;
    this.#parts = parts;
    const services = remoteServicesOf(spec.plan);
    const { slots } = spec.plan;
    this.#workers = Array.from({ length: slots + services.length }, (_, index) => new AttemptWorker(index, spec.adopted?.[index]?.id ?? newWorkerId(), services[index - slots]));
    this.#operators = this.#workers.slice(0, slots);
    this.#services = new ServiceWorkers(this.#workers.slice(slots), this.#serviceSide());
    this.#loops = new LoopRounds(this.#operators, spec.plan.loops.map((loop) => loop.id));
    const { clock, logger } = parts;
    this.checkpoints = new Coordinator({
      ...parts.checkpoints, restored: (sha256) => spec.restore?.pathOf(sha256), jobId: spec.jobId, attempt: spec.number, plan: spec.plan, workers: this.#operators, clock, logger,
      onTooManyFailures: (why) => this.#fail({ secondary: false, failure: cause.failureOf({ code: "SAGE_CHECKPOINT_FAILED", fault: "cluster", message: `checkpoints fail one after another: ${why}` }, clock.now()) }),
    });
    this.files = attemptFiles(spec, (checkpointId) => this.checkpoints.isTaking(checkpointId));
    this.profiles = new WorkerProfiles(this.#workers, clock);
    this.#background = new TaskGroup((error) => this.#failBy(error));
    setMaxListeners(0, this.#background.signal); // each worker has its waits
  }

  /** Starts the workers; resolves when the outcome is known, with its workers still there. To be called once. */
  run(): Promise<AttemptOutcome> {
    this.#background.start((signal) => (this.#spec.adopted ? this.#takeOver(signal, this.#spec.adopted) : this.#play(signal)));
    this.#background.start((signal) => watchHeartbeats(this.#workers, this.#parts.timing, this.#parts.clock, (found) => this.#fail(found), signal));
    return this.#decided.promise;
  }

  /** Decides for `stopped` unless there is an outcome already. */
  stop(reason: string): void {
    this.#decided.resolve({ kind: "stopped", reason });
  }

  /** How long its tasks have run, in milliseconds; undefined if they have not started. */
  get ranMs(): number | undefined {
    return this.#startedAtMs === undefined ? undefined : this.#parts.clock.monotonicMs() - this.#startedAtMs;
  }

  /** Takes a savepoint, then decides for `stopped`; what cannot be saved goes on, and `onStopFailed` hears of it. */
  pause(reason: string): void {
    const isComingBack = this.#spec.adopted !== undefined && this.#startedAtMs === undefined;
    if (!isComingBack && (this.#startedAtMs === undefined || !this.checkpoints.isAble)) return this.stop(reason);
    this.#background.start(async (signal) => {
      try {
        await orAborted(this.#follows.promise, signal);
        const { id } = await this.checkpoints.take({ kind: "savepoint", reason: "stop", halt: true }, signal);
        await orAborted(this.checkpoints.committed(id), signal);
        this.stop(reason);
      } catch (error) {
        signal.throwIfAborted();
        this.#parts.onStopFailed(error as Error);
      }
    });
  }

  /** {@link drain} as soon as its tasks run. */
  drainFromTheStart(): void {
    this.#isDrained = true;
  }

  /** Lets the sources end: the attempt finishes when all their records are out. */
  drain(): void {
    this.#isDrained = true; // of workers that have not started, or that an earlier daemon has left
    for (const worker of this.#operators) if (!worker.isFinished) worker.send({ drain: {} });
  }

  async #play(signal: AbortSignal): Promise<void> {
    const { timing } = this.#parts;
    const gang = { id: `${this.#spec.jobId}/${this.#spec.number}`, of: this.#workers.map((worker) => this.#needsOf(worker)) };
    this.#starts = this.#workers.map((worker) => this.#start(worker, signal, gang));
    await orAborted(Promise.all(this.#starts), signal);
    await this.#allWithin("did not report to the daemon", timing.startupTimeoutMs, (worker) => worker.ready.promise, signal);
    for (const worker of this.#workers) this.#deploy(worker);
    await this.#allWithin("did not load the program", timing.deployTimeoutMs, (worker) => worker.deployed.promise, signal);
    await this.#parts.onStarted({ canRestore: this.checkpoints.isAble, workers: keptOf(this.#workers) });
    const nodes = new Map(this.#spec.plan.nodes.map((node) => [node.id, node]));
    this.#parts.results.open((nodeId, index, batches) => this.#workers[workerOf(nodes.get(nodeId)!, index)]?.send({ resultCredit: { nodeId, index, batches } }));
    await this.#follow(signal);
  }

  /** The workers run since an earlier daemon: they come back by themselves. */
  async #takeOver(signal: AbortSignal, adopted: NonNullable<AttemptSpec["adopted"]>): Promise<void> {
    for (const worker of this.#workers) this.#own(worker, adopted[worker.index]!.handle);
    const waitMs = Math.min(this.#parts.timing.startupTimeoutMs, this.#spec.gracePeriodMs);
    await this.#allWithin("did not come back to the daemon", waitMs, (worker) => worker.ready.promise, signal);
    this.checkpoints.takeOver();
    await this.#follow(signal);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { live } = this.#parts;
    this.#startedAtMs = this.#parts.clock.monotonicMs();
    for (const worker of this.#workers) worker.send({ start: {} });
    if (this.#isDrained) this.drain();
    this.#follows.resolve();
    this.#background.start((over) => this.#loops.run(this.#parts.clock, over));
    this.#background.start((over) => this.checkpoints.run(over));
    await orAborted(Promise.all(this.#operators.map((worker) => worker.finished.promise)), signal);
    await this.#services.finish(signal);
    live.settle("finished");
    this.#decided.resolve({ kind: "finished" });
  }

  #deploy(worker: AttemptWorker, serviceRestarts = 0): void {
    const peers = this.#workers.map(({ index, dataAddress }) => ({ workerIndex: index, dataAddress }));
    worker.send({ deploy: { ...this.#spec.deploy, peers, serviceRestarts, ...this.#restoreOf(worker) } });
  }

  #serviceSide(): ConstructorParameters<typeof ServiceWorkers>[1] {
    const { clock, timing, live, log } = this.#parts;
    return {
      clock,
      start: (worker, signal) => this.#start(worker, signal),
      deploy: async (worker, restarts, signal) => {
        await this.#allWithin("did not report to the daemon", timing.startupTimeoutMs, ({ ready }) => ready.promise, signal, [worker]);
        this.#deploy(worker, restarts);
        if (this.#startedAtMs !== undefined) worker.send({ start: {} });
      },
      announce: (peerMoved) => { for (const worker of this.#workers) if (worker.index !== peerMoved.workerIndex && !worker.isFinished) worker.send({ peerMoved }); },
      restartsWithin: ({ index, service }) => live.services().find((each) => each.index === index && each.name === service?.name)?.restarts ?? 0,
      log: (text) => { void log([{ timeMs: clock.now(), level: "warn", operator: "", index: 0, host: "", stream: "log", text }]); },
      fail: (found) => this.#fail(found),
    };
  }

  #restoreOf({ index }: AttemptWorker): Pick<DeployInit, "restore"> {
    return this.#spec.restore ? { restore: this.#spec.restore.forWorker(index) } : {};
  }

  #needsOf(worker: AttemptWorker): Pick<WorkerSpec, "resources"> & { readonly remote: boolean } {
    const resources = worker.service ? worker.service.resources : slotResources(this.#spec.plan, worker.index);
    return { ...(resources ? { resources } : {}), remote: worker.service !== undefined || isRemoteSlot(this.#spec.plan, worker.index) };
  }

  async #start(worker: AttemptWorker, signal: AbortSignal, gang?: Gang): Promise<void> {
    const { jobId, number, secretHex, daemonAddress, gracePeriodMs, env, deploy } = this.#spec;
    const boot = { jobId, attempt: number, workerIndex: worker.index, workerId: worker.id, daemonAddress, secretHex, gracePeriodMs, outlivesDaemon: this.#spec.outlivesDaemon, heartbeatTimeoutMs: this.#parts.timing.heartbeatTimeoutMs };
    const onOutput = (stream: string, text: string) =>
      this.#parts.log([{ timeMs: this.#parts.clock.now(), level: "info", operator: "", index: worker.index, host: worker.host, stream, text }]);
    const { driver, gate, live } = this.#parts;
    const waits = (why?: string) => {
      if (live.waits(worker.index, why)) this.#parts.onChange();
    };
    const onWaiting = (why: string) => {
      waits(why);
      void this.#parts.log([{ timeMs: this.#parts.clock.now(), level: "warn", operator: "", index: worker.index, host: "", stream: "log", text: `worker ${worker.index} ${why}` }]);
    };
    const letNextIn = driver.isElsewhere ? () => {} : await gate.enter(signal);
    try {
      const handle = await driver.start({ boot, env, baseDir: deploy.baseDir ?? "", ...this.#needsOf(worker), isRecovery: gang === undefined || this.#spec.isRecovery === true, ...(gang ? { gang } : {}), onOutput, onWaiting }, signal);
      waits();
      this.#own(worker, handle);
      void Promise.race([worker.ready.promise, handle.exited, worker.quiet.promise]).then(letNextIn);
    } catch (error) {
      letNextIn();
      throw error;
    }
  }

  #own(worker: AttemptWorker, handle: WorkerHandle): void {
    worker.handle = handle;
    worker.lastSeenMs = this.#parts.clock.monotonicMs();
    void handle.exited.then((exit) => this.#onExit(worker, exit));
    if (this.#releasing) handle.kill();
  }

  async #allWithin(what: string, ms: number, step: (worker: AttemptWorker) => Promise<void>, signal: AbortSignal, of: readonly AttemptWorker[] = this.#workers): Promise<void> {
    const missing = new Set(of);
    const steps = of.map((worker) => step(worker).then(() => missing.delete(worker)));
    if (await orAborted(settledWithin(Promise.all(steps), ms, this.#parts.clock), signal)) return;
    const late = [...missing];
    const output = late.map((worker) => worker.handle?.lastOutput() ?? "").find((text) => text !== "") ?? "";
    this.#fail(cause.lateWorkers(what, late.map((worker) => worker.index), ms, output, this.#parts.clock.now()));
    await orAborted(new Promise<never>(() => {}), signal);
  }

  attach(hello: Hello, link: WorkerLink): WorkerSession | undefined {
    const worker = this.#workers[hello.workerIndex];
    const nonce = hello.nonce.toString("base64");
    if (!worker || worker.id !== hello.workerId || this.#nonces.has(nonce) || this.#releasing) return undefined;
    this.#nonces.add(nonce);
    this.#supersede(worker);
    worker.link = link;
    worker.dataAddress = hello.dataAddress;
    worker.isReady = true;
    worker.snapshots = hello.snapshots;
    worker.lastSeenMs = this.#parts.clock.monotonicMs();
    this.#parts.live.placed(worker.index, { workerId: hello.workerId, host: hello.host, pid: hello.pid });
    this.#parts.onChange();
    setImmediate(() => { // behind Welcome
      worker.ready.resolve();
      worker.flush();
    });
    return { onMessage: (message) => (worker.link === link ? this.#onMessage(worker, message) : undefined), onClosed: () => this.#onClosed(worker, link) };
  }

  /** A worker that comes anew has noticed before the daemon that its stream is dead. */
  #supersede(worker: AttemptWorker): void {
    const { link } = worker;
    if (!link) return;
    this.#onClosed(worker, link);
    link.close();
  }

  /** What blocks a worker is told once, and shown as long as it does. */
  onPulse(workerIndex: number, workerId: string, { operator, index, block }: PulseRequest): void {
    const worker = this.#workers[workerIndex];
    if (worker?.id !== workerId || worker.isFinished || !block) return;
    const { clock, live, log } = this.#parts;
    worker.lastSeenMs = clock.monotonicMs();
    if (worker.blockedAtMs !== block.atMs) void log([blockLine(operator, index, block, worker.host, clock.now())]);
    worker.blockedAtMs = block.atMs;
    worker.lastPulseMs = worker.lastSeenMs;
    live.blocked(workerIndex, operator, block);
    this.#parts.onChange();
  }

  #onMessage(worker: AttemptWorker, message: WorkerMessage): Promise<void> | undefined {
    worker.lastSeenMs = this.#parts.clock.monotonicMs();
    if (message.heartbeat) { // a malformed one is its stream's matter
      this.#parts.live.heard(worker.index, message.heartbeat);
      this.#parts.onChange();
      return undefined;
    }
    try {
      return this.#handle(worker, message);
    } catch (error) {
      this.#failBy(error);
      return undefined;
    }
  }

  #handle(worker: AttemptWorker, message: WorkerMessage): Promise<void> | undefined {
    const { results, clock, log } = this.#parts;
    const { result, failed, deadLetter } = message;
    if (message.logged) return log(message.logged.lines.map((line) => ({ ...line, host: line.host || worker.host })));
    if (deadLetter) return log([deadLetterLine(deadLetter, worker.host, clock.now())]);
    if (result?.batch) results.accept(result.nodeId, result.batch, result.last);
    if (message.deployed) this.#onDeployed(worker, message.deployed.fingerprint);
    if (message.loopReport) this.#loops.onReport(worker.index, message.loopReport);
    if (failed?.failure) this.#fail(cause.reportedBy(failed.failure, worker.host, clock.now()), worker);
    if (message.snapshotAck) this.checkpoints.onAck(worker.index, message.snapshotAck);
    if (message.snapshotDeclined) this.checkpoints.onDeclined(message.snapshotDeclined);
    if (message.committed) this.checkpoints.onCommitted(worker.index, message.committed.checkpointId);
    if (message.peerSilent) this.#onPeerSilent(worker, message.peerSilent);
    if (message.awaitsCheckpoint) this.checkpoints.onAwaits(worker.index);
    if (message.alignmentReport) worker.send({ alignmentLimits: { groups: this.#alignment.report(worker.index, message.alignmentReport.groups) } });
    if (message.profiled) this.profiles.onProfiled(worker, message.profiled);
    if (message.cancelled) worker.quiet.resolve();
    if (message.relayed) this.#relay(worker, message.relayed);
    if (message.finished) this.#onFinished(worker, message.finished.tasks);
    return undefined;
  }

  /** A peer whose event loop is blocked says nothing, and lives. */
  #onPeerSilent(worker: AttemptWorker, { workerIndex, silentMs }: PeerSilent): void {
    const peer = this.#workers[workerIndex];
    if (!peer || peer.isFinished || peer.lastPulseMs > this.#parts.clock.monotonicMs() - this.#parts.timing.heartbeatTimeoutMs) return;
    this.#fail(cause.stalledConnection(worker.index, workerIndex, worker.host, silentMs, this.#parts.clock.now()));
  }

  #onFinished(worker: AttemptWorker, tasks: readonly TaskMetrics[]): void {
    this.#parts.live.report(worker.index, tasks);
    this.#parts.onChange();
    worker.isFinished = true;
    this.#alignment.forget(worker.index);
    worker.quiet.resolve();
    worker.finished.resolve();
    this.checkpoints.onFinished(worker.index);
  }

  #onDeployed(worker: AttemptWorker, fingerprint: string): void {
    if (fingerprint === this.#spec.plan.fingerprint) worker.deployed.resolve();
    else this.#fail(cause.planMismatch(worker.index, worker.host, this.#parts.clock.now()));
  }

  /** Calls between workers that cannot dial one another. */
  #relay(from: AttemptWorker, { peer, ...relayed }: Relayed): void {
    const to = this.#workers[peer];
    if (to?.link) to.send({ relayed: { ...relayed, peer: from.index } });
    else if (!relayed.end) from.send({ relayed: { peer, connection: relayed.connection, fromCaller: !relayed.fromCaller, end: true } });
  }

  /** What it has sent before it ended is heard first. */
  async #onExit(worker: AttemptWorker, exit: WorkerExit): Promise<void> {
    const { clock, timing } = this.#parts;
    if (worker.link) await settledWithin(worker.linkClosed.promise, timing.causeSettleMs, clock);
    if (this.#services.mayRemake(worker) && !this.#releasing) return this.#background.start((signal) => this.#services.remake(worker, exit, signal));
    worker.quiet.resolve();
    if (this.#releasing || worker.isFinished) return;
    this.#fail(cause.exitedWorker(worker.index, worker.host, exit, worker.isReady, worker.handle?.lastOutput() ?? "", clock.now()));
  }

  /** A worker whose stream broke comes back; if not, its silence is found. */
  #onClosed(worker: AttemptWorker, link: WorkerLink): void {
    if (worker.link !== link) return;
    worker.linkClosed.resolve();
    worker.linkClosed = deferred();
    worker.link = undefined;
    for (const other of this.#workers) if (this.#services.exist && other.link) other.send({ relayed: { peer: worker.index, connection: 0, end: true } });
    this.#parts.live.gone();
    this.#parts.onChange();
    if (!worker.isFinished && !this.#releasing) this.checkpoints.interrupt(`worker ${worker.index} has lost its connection to the daemon`);
  }

  #fail(found: cause.Cause, by?: AttemptWorker): void {
    by?.quiet.resolve();
    if (this.#releasing) return;
    const isFirst = this.#firstCause === undefined;
    this.#firstCause = cause.betterCause(this.#firstCause, found);
    if (!this.#firstCause.secondary) return this.#decideFailed(this.#firstCause);
    if (isFirst) this.#background.start((signal) => this.#awaitCause(signal));
  }

  /** It may be on its way, or a host be asked about it. */
  async #awaitCause(signal: AbortSignal): Promise<void> {
    const { clock, timing: { causeSettleMs, hostAnswerMs } } = this.#parts;
    const latestMs = clock.monotonicMs() + causeSettleMs + hostAnswerMs;
    do await clock.sleep(causeSettleMs, signal);
    while (this.#workers.some(({ isSuspected }) => isSuspected) && clock.monotonicMs() < latestMs);
    const gone = this.#workers.find(({ isReady, isFinished, link }) => isReady && !isFinished && !link);
    this.#decideFailed(gone ? cause.detachedWorker(gone.index, gone.host, clock.now()) : this.#firstCause!);
  }

  #decideFailed({ failure }: cause.Cause): void {
    this.#decided.resolve({ kind: "failed", failure });
  }

  /** An error on the daemon's side of the attempt. */
  #failBy(error: unknown): void {
    const { logger, clock } = this.#parts;
    if (!isSageError(error)) logger.error("an attempt failed inside the daemon", { jobId: this.jobId, error });
    const facts = isSageError(error) ? { code: error.code, fault: error.fault, hint: error.hint ?? "" } : { code: "SAGE_INTERNAL", fault: "sage" as const };
    this.#fail({ secondary: false, failure: cause.failureOf({ ...facts, message: messageOf(error) }, clock.now()) });
  }

  /** Cancels what still runs, ends every worker, and waits until all of them are gone. `force` ends them at once. */
  async release(reason: string, force: AbortSignal): Promise<void> {
    this.#releasing = true;
    await this.checkpoints.end(reason || "the attempt is over");
    await this.#background[Symbol.asyncDispose]();
    await Promise.all(this.#operators.map((worker, index) => endWorker(worker, this.#starts[index], reason, this.#parts, force)));
    for (const worker of this.#services.inOrderOfEnd) await endWorker(worker, this.#starts[worker.index], reason, this.#parts, force);
    this.#parts.live.settle("cancelled");
  }
}

function keptOf(workers: readonly AttemptWorker[]): StartedAttempt["workers"] {
  const kept = workers.flatMap(({ id, handle }) => (handle?.kept ? [{ id, kept: handle.kept }] : []));
  return kept.length === workers.length ? kept : undefined;
}
