// Runs a submission in this process, with the functions as they are: nothing is bundled, nothing serialised.

import { Cleanup, loggerTo, messageOf, newJobId, systemClock, type Logger } from "@sage/core";
import { AutostopTimeoutError, JobFailedError, type JobFailure, type JobProgress, type JobResult, type JobStatus, type OperatorCounts, type RunningJob } from "@sage/graph";
import { LocalCheckpoints, openInProcess, projectSources, ServiceHost, toFailureView, type Engine, type InstanceMetrics } from "@sage/runtime";
import { inspect } from "node:util";
import { approximateBytes } from "./approximate-bytes.ts";
import { NoDaemonError } from "./errors.ts";
import type { Work } from "./default-host.ts";
import { toConsole, type OnLine } from "./job-settings.ts";
import { waitForJob } from "./job-wait.ts";
import { attachBuffers, type ResultBuffer } from "./result-buffer.ts";

const progressIntervalMs = 250;

/** Starts at once; what goes wrong is told by `done`. */
export function runHere(work: Work): RunningJob {
  return new JobHere(work);
}

class JobHere implements RunningJob {
  readonly jobId: string;
  readonly #work: Work;
  readonly #abort = new AbortController();
  readonly #startedAtMs = systemClock.now();
  readonly #buffers: ReadonlyMap<string, ResultBuffer>;
  readonly #over: Promise<JobResult>;
  #engine: Engine | undefined;
  #metrics: readonly InstanceMetrics[] = [];
  #status: JobStatus = "initializing";
  #failure: JobFailure | undefined;
  #endedAtMs: number | undefined;
  #isAwaited = false;

  constructor(work: Work) {
    const { submission, plan } = work;
    this.jobId = submission.options.id ?? newJobId();
    this.#work = work;
    this.#buffers = attachBuffers(submission, plan);
    this.#over = this.#run();
    this.#over.catch((error: unknown) => { if (!this.#isAwaited) work.settings.onWarning?.(messageOf(error)); });
  }

  async done({ timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal }): Promise<JobResult> {
    this.#isAwaited = true;
    return waitForJob({
      jobId: this.jobId, untilOver: (until) => this.#untilOver(timeoutMs, until), buffers: [...this.#buffers.values()], signal,
      interrupt: this.#work.settings.interrupt, isLocal: true, stop: () => this.stop(), detach: () => this.detach(),
    });
  }

  async status(): Promise<JobResult> {
    const metrics = this.#engine?.metrics() ?? this.#metrics;
    return {
      jobId: this.jobId, name: this.#work.plan.name, status: this.#status, startedAtMs: this.#startedAtMs, operators: countsOf(metrics),
      ...(this.#endedAtMs === undefined ? {} : { endedAtMs: this.#endedAtMs }), ...(this.#failure ? { error: this.#failure.message } : {}),
    };
  }

  async stop(): Promise<void> {
    if (this.#endedAtMs === undefined) this.#status = "stopping";
    this.#abort.abort(new Error("stopped"));
    await this.#over.catch(() => {}); // `done` tells
  }

  async savepoint(): Promise<never> {
    throw new NoDaemonError("savepoint");
  }

  async rescale(): Promise<never> {
    throw new NoDaemonError("rescale");
  }

  detach(): Promise<void> {
    return this.stop();
  }

  async #untilOver(timeoutMs: number, signal: AbortSignal): Promise<JobResult> {
    const wait = new AbortController();
    const aborted = new Promise<never>((_resolve, reject) => {
      const give = () => reject(signal.reason);
      if (signal.aborted) give();
      else signal.addEventListener("abort", give, { once: true, signal: wait.signal });
    });
    const onProgress = this.#work.submission.options.onProgress ?? this.#work.settings.onProgress;
    const others: Promise<unknown>[] = [aborted];
    if (timeoutMs > 0) others.push(systemClock.sleep(timeoutMs, wait.signal).then(() => { throw new AutostopTimeoutError(this.jobId, timeoutMs); }));
    if (onProgress) others.push(this.#reportProgress(onProgress, wait.signal));
    try {
      return (await Promise.race([this.#over, ...others])) as JobResult;
    } finally {
      wait.abort();
      for (const other of others) other.catch(() => {}); // the race is decided
    }
  }

  async #reportProgress(onProgress: (progress: JobProgress) => void, signal: AbortSignal): Promise<never> {
    let before = { atMs: systemClock.monotonicMs(), records: 0 };
    for (;;) {
      const nowMs = systemClock.monotonicMs();
      const progress = this.#progress(nowMs, before);
      before = { atMs: nowMs, records: progress.records };
      onProgress(progress);
      await systemClock.sleep(progressIntervalMs, signal);
    }
  }

  #progress(nowMs: number, before: { readonly atMs: number; readonly records: number }): JobProgress {
    const { nodes, edges } = this.#work.plan;
    const inner = new Set(edges.map((edge) => edge.to));
    const ids = new Set(nodes.filter((node) => !inner.has(node.id)).map((node) => node.id));
    const sources = (this.#engine?.metrics() ?? this.#metrics).filter((metric) => ids.has(metric.nodeId));
    const records = sources.reduce((sum, metric) => sum + metric.recordsOut, 0);
    const elapsedMs = nowMs - before.atMs;
    const fractions = sources.map((metric) => metric.progress);
    const known = fractions.length > 0 && fractions.every((fraction) => fraction !== undefined);
    return {
      jobId: this.jobId, status: this.#status, records,
      recordsPerSecond: elapsedMs > 0 ? ((records - before.records) * 1_000) / elapsedMs : 0,
      ...(known ? { fraction: fractions.reduce((sum, fraction) => sum + fraction!, 0) / fractions.length } : {}),
    };
  }

  async #run(): Promise<JobResult> {
    let error: unknown;
    try {
      await this.#runEngine();
    } catch (caught) {
      error = caught;
    }
    this.#endedAtMs = systemClock.now();
    this.#status = error === undefined ? "completed" : this.#abort.signal.aborted ? "stopped" : "failed";
    const failure = this.#status === "failed" ? this.#asFailure(error) : undefined;
    for (const buffer of this.#buffers.values()) buffer.end(failure);
    if (failure) throw failure;
    return this.status();
  }

  async #runEngine(): Promise<void> {
    await using cleanup = new Cleanup();
    const { submission, settings } = this.#work;
    const { graph, params } = submission;
    const { signal } = this.#abort;
    const lines = linesOf(submission.options.onLine ?? settings.onLine);
    const services = cleanup.use(await ServiceHost.open({
      services: graph.services, jobId: this.jobId, params, signal, loggerOf: (name) => lines.logger(name, 0),
    }));
    const { dir, ...asked } = submission.options.checkpoints ?? {};
    const checkpoints = dir === undefined ? undefined : await LocalCheckpoints.open({ ...asked, dir }, this.#work.plan, systemClock, (text) => settings.onWarning?.(text));
    const engine = (this.#engine = await openInProcess(graph, {
      ...checkpoints?.engineOptions,
      jobId: this.jobId, params, services: services.directory, signal,
      hooks: {
        onPrint: lines.print,
        onLog: ({ operator, index, level, message, fields }) => lines.logger(operator, index)[level](message, fields),
        onDeadLetter: ({ operator, index, recordNumber, record, error }) =>
          lines.logger(operator, index).warn(`dead letter: record ${recordNumber}, ${error}: ${inspect(record, { depth: 2, breakLength: Infinity }).slice(0, 500)}`),
        onCollect: (nodeId, _index, batch) => this.#buffers.get(nodeId)?.push(batch, approximateBytes(batch)),
      },
    }));
    cleanup.defer(() => {
      this.#metrics = engine.metrics();
      this.#engine = undefined;
      return engine[Symbol.asyncDispose]();
    });
    this.#status = "running";
    await (checkpoints ? checkpoints.run(engine) : engine.run());
  }

  #asFailure(error: unknown): JobFailedError {
    const root = this.#work.settings.bundle?.projectDir ?? process.cwd();
    const { operator = "", index = 0, recordNumber = 0, hint = "", stack = "", code = "", message = "", fault } = toFailureView(error, projectSources(root), "");
    this.#failure = {
      code, message, hint, stack, fault: fault === "user" || fault === "cluster" ? fault : "sage",
      ...(operator === "" ? {} : { operator, index }), ...(recordNumber > 0 ? { recordNumber } : {}),
    };
    const failed = new JobFailedError(this.jobId, this.#work.plan.name, this.#failure);
    failed.cause = error;
    return failed;
  }
}

interface Lines {
  print(operator: string, index: number, text: string): void;
  logger(operator: string, index: number): Logger;
}

/** What operators write. On this process' own console, `print()` shows the record alone, as `console.log` would. */
function linesOf(onLine: OnLine | undefined): Lines {
  const log = onLine ?? toConsole;
  return {
    print: onLine
      ? (operator, index, text) => { onLine({ operator, index, text, stream: "stdout" }); }
      : (_operator, _index, text) => { process.stdout.write(`${text}\n`); },
    logger: (operator, index) => loggerTo((level, message, fields) => {
      if (level === "debug") return;
      const facts = Object.keys(fields).length === 0 ? "" : ` ${inspect(fields, { breakLength: Infinity, depth: 3 })}`;
      log({ operator, index, text: `${message}${facts}`, stream: "stderr" });
    }),
  };
}

/** Sums of the instances, by operator. */
function countsOf(metrics: readonly InstanceMetrics[]): OperatorCounts[] {
  const counts = new Map<string, OperatorCounts>();
  for (const { nodeId, operator, recordsIn, recordsOut, skipped, deadLettered, retried } of metrics) {
    const sum = counts.get(nodeId);
    counts.set(nodeId, {
      name: operator, recordsIn: recordsIn + (sum?.recordsIn ?? 0), recordsOut: recordsOut + (sum?.recordsOut ?? 0),
      skipped: skipped + (sum?.skipped ?? 0), deadLettered: deadLettered + (sum?.deadLettered ?? 0), retried: retried + (sum?.retried ?? 0),
    });
  }
  return [...counts.values()];
}
