// A daemon for tests of the worker process: real gRPC, real processes, and no decisions of its own.

import { deferred, newJobId, newWorkerId, type Deferred } from "@sage/core";
import {
  daemonProof, handlersWith, helloProof, recordFileOf, sameProof, startGrpcServer,
  type DaemonMessageInit, type DeployInit, type GrpcServer, type Hello, type Plan, type PulseRequest, type Send, type WorkerBoot, type WorkerMessage,
} from "@sage/protocol";
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProgramText } from "../user-code/program-files.ts";

const workerEntry = fileURLToPath(new URL("../../dist/worker.mjs", import.meta.url));
const secretHex = randomBytes(32).toString("hex");
const daemonNonce = randomBytes(16);

export type MessageKind = NonNullable<WorkerMessage["body"]>;

/** One worker process, seen from its daemon. */
export class FakeWorker {
  readonly boot: WorkerBoot;
  readonly process: ChildProcessWithoutNullStreams;
  readonly exited: Promise<readonly [number | null, string | null]>;
  /** All that it has sent, heartbeats aside. */
  readonly received: WorkerMessage[] = [];
  heartbeats: WorkerMessage["heartbeat"][] = [];
  /** Every stream that it has opened. */
  readonly hellos: Hello[] = [];
  stderr = "";
  send: Send<DaemonMessageInit> = () => undefined;
  /** Breaks the stream. */
  hangUp: () => void = () => {};
  readonly #waiting: { readonly is: (message: WorkerMessage) => boolean; readonly found: Deferred<WorkerMessage> }[] = [];
  readonly #greeted: Deferred<Hello>[] = [];

  constructor(boot: WorkerBoot, firstLine = `${JSON.stringify(boot)}\n`) {
    this.boot = boot;
    this.process = spawn(process.execPath, [workerEntry], { stdio: "pipe" });
    this.exited = once(this.process, "exit") as unknown as Promise<[number | null, string | null]>;
    this.process.stdin.on("error", () => {}); // its exit says more
    this.process.stdin.write(firstLine);
    this.process.stdout.resume();
    this.process.stderr.setEncoding("utf8").on("data", (text: string) => { this.stderr += text; });
  }

  /** The first message of a kind, whether it has come or will; fails when the process ends before. */
  async waitFor<K extends MessageKind>(kind: K, fits: (body: NonNullable<WorkerMessage[K]>) => boolean = () => true): Promise<NonNullable<WorkerMessage[K]>> {
    const is = (message: WorkerMessage) => message.body === kind && fits(message[kind]!);
    const there = this.received.find(is);
    const found = deferred<WorkerMessage>();
    if (there) return there[kind]!;
    this.#waiting.push({ is, found });
    const message = await Promise.race([found.promise, this.exited.then(([code, signal]) => {
      const kinds = this.received.map(({ body, failed }) => failed?.failure?.message ?? body).join(", ");
      throw new Error(`the worker ended (${code ?? signal}) before ${kind}; it had sent ${kinds}; stderr: ${this.stderr}`);
    })]);
    return message[kind]!;
  }

  /** Its Hello number `count`, from 1. */
  async hello(count = 1): Promise<Hello> {
    while (this.hellos.length < count) {
      const next = deferred<Hello>();
      this.#greeted.push(next);
      await next.promise;
    }
    return this.hellos[count - 1]!;
  }

  /** All text of its log lines so far, each with operator and index. */
  lines(): string[] {
    return this.received.flatMap(({ logged }) => logged?.lines ?? []).map(({ operator, index, stream, text }) => `[${operator}#${index} ${stream}] ${text}`);
  }

  greet(hello: Hello): void {
    this.hellos.push(hello);
    for (const next of this.#greeted.splice(0)) next.resolve(hello);
  }

  take(message: WorkerMessage): void {
    if (message.heartbeat) this.heartbeats.push(message.heartbeat);
    this.received.push(message);
    for (const { is, found } of this.#waiting) if (is(message)) found.resolve(message);
  }

  async close(): Promise<readonly [number | null, string | null]> {
    await this.send({ close: {} });
    return this.exited;
  }
}

export class FakeDaemon implements AsyncDisposable {
  readonly dir: string;
  readonly jobId = newJobId();
  readonly #server: GrpcServer;
  readonly #address: string;
  readonly #workers = new Map<string, FakeWorker>();
  readonly pulses: PulseRequest[] = [];
  readonly #hear: Deferred<PulseRequest>[] = [];
  /** Of its Welcome. */
  heartbeatIntervalMs = 50;
  /** What it answers a Hello with, instead of a Welcome. */
  answer: ((hello: Hello) => DaemonMessageInit) | undefined;

  private constructor(server: GrpcServer, dir: string) {
    this.#server = server;
    this.dir = dir;
    this.#address = `127.0.0.1:${server.port}`;
  }

  static async start(): Promise<FakeDaemon> {
    let daemon: FakeDaemon;
    const { bidi, unary } = handlersWith((error) => { throw error; });
    const Pulse = unary<PulseRequest, object>((pulse) => {
      daemon.pulses.push(pulse);
      for (const heard of daemon.#hear.splice(0)) heard.resolve(pulse);
      return {};
    });
    const workers = { Pulse, StateUpload: undefined as never, StateDownload: undefined as never, ArtifactDownload: undefined as never, DriveRay: undefined as never, Attach: bidi<WorkerMessage, DaemonMessageInit>((messages, send, { signal }) => daemon.#attach(messages, send, signal)) };
    const none = {} as never; // grpc-js answers UNIMPLEMENTED
    const server = await startGrpcServer({ workers, jobs: none, health: none, reflection: none }, { host: "127.0.0.1", port: 0 });
    const dir = await mkdtemp(join(tmpdir(), "sage-fake-"));
    return (daemon = new FakeDaemon(server, dir));
  }

  /** The next word of a thread that watches a worker. */
  nextPulse(): Promise<PulseRequest> {
    const heard = deferred<PulseRequest>();
    this.#hear.push(heard);
    return heard.promise;
  }

  async startWorker(workerIndex: number, changes: Partial<WorkerBoot> = {}, firstLine?: string): Promise<FakeWorker> {
    const tempDir = join(this.dir, `w${workerIndex}`);
    await mkdir(tempDir, { mode: 0o700, recursive: true });
    const worker = new FakeWorker({
      version: 1, jobId: this.jobId, attempt: 1, workerIndex, workerId: newWorkerId(), daemonAddress: this.#address, secretHex,
      host: "test-host", dataListen: `unix:${join(tempDir, "data.sock")}`, tempDir, gracePeriodMs: 10_000, ...changes,
    }, firstLine);
    this.#workers.set(worker.boot.workerId, worker);
    return worker;
  }

  /** Starts one worker per slot, and deploys a program on all. They still wait for Start. */
  async deploy(plan: Plan, text: Required<ProgramText>, more: DeployInit & { readonly data?: Readonly<Record<string, readonly unknown[]>> } = {}): Promise<FakeWorker[]> {
    const { data = {}, ...fields } = more;
    const workers = await Promise.all(Array.from({ length: plan.slots }, (_, index) => this.startWorker(index)));
    const hellos = await Promise.all(workers.map((worker) => worker.hello()));
    const deploy = {
      planJson: JSON.stringify(plan), bundlePath: await this.#file("bundle", text.bundle), bundleHash: text.bundleHash,
      sourceMapPath: await this.#file("map", text.sourceMap), sourceMapHash: text.sourceMapHash,
      paramsJson: "{}", pipelineIndex: 0, baseDir: this.dir, dataPaths: {} as Record<string, string>,
      peers: hellos.map(({ workerIndex, dataAddress }) => ({ workerIndex, dataAddress })), ...fields,
    };
    for (const [node, records] of Object.entries(data)) deploy.dataPaths[node] = await this.#file(node, Buffer.concat([...recordFileOf(records)]));
    for (const worker of workers) void worker.send({ deploy });
    return workers;
  }

  /** Deploys and starts. */
  async run(...args: Parameters<FakeDaemon["deploy"]>): Promise<FakeWorker[]> {
    const workers = await this.deploy(...args);
    await Promise.all(workers.map((worker) => Promise.race([worker.waitFor("deployed"), worker.waitFor("failed")])));
    for (const worker of workers) void worker.send({ start: {} });
    return workers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { process } of this.#workers.values()) process.kill("SIGKILL");
    await Promise.all([...this.#workers.values()].map(({ exited }) => exited));
    await this.#server[Symbol.asyncDispose]();
    await rm(this.dir, { recursive: true, force: true });
  }

  async #file(name: string, bytes: Uint8Array): Promise<string> {
    const path = join(this.dir, name);
    await writeFile(path, bytes);
    return path;
  }

  async #attach(messages: AsyncIterable<WorkerMessage>, send: Send<DaemonMessageInit>, signal: AbortSignal): Promise<void> {
    const hungUp = deferred();
    let worker: FakeWorker | undefined;
    void send({ challenge: { daemonNonce } });
    const reading = (async () => {
      for await (const message of messages) {
        if (message.hello) worker = this.#welcome(message.hello, send, hungUp);
        else worker?.take(message);
      }
    })();
    await Promise.race([reading, hungUp.promise]).catch((error: unknown) => { if (!signal.aborted) throw error; });
  }

  #welcome(hello: Hello, send: Send<DaemonMessageInit>, hungUp: Deferred<void>): FakeWorker | undefined {
    const worker = this.#workers.get(hello.workerId);
    if (!worker || !sameProof(hello.proof, helloProof(secretHex, hello, daemonNonce))) {
      void send({ refused: { reason: "wrong proof" } });
      return undefined;
    }
    worker.send = send;
    worker.hangUp = () => hungUp.resolve();
    void send(this.answer?.(hello) ?? { welcome: { heartbeatIntervalMs: this.heartbeatIntervalMs, gracePeriodMs: worker.boot.gracePeriodMs, proof: daemonProof(secretHex, hello.nonce) } });
    worker.greet(hello);
    return worker;
  }
}
