// One worker on the cluster, through the actor that minds it.
//
// Invariants:
//   R1. `exited` is told once: by the actor, by Ray's word that the actor is dead, or by our own patience behind `kill`.
//   R2. Behind `gone` Ray knows the actor's name no more. Only an actor on a silent host, or that Ray itself cannot reach, is
//       left to Ray, and to its worker's grace period: recovery waits for no dead host.

import { messageOf, systemClock, type Logger } from "@sage/core";
import { findWorkerHost, RayActorDiedError, RayActorNotFoundError, RayActorUnavailableError, type HostNews, type RayControl, type WorkerHost } from "@sage/ray-control";
import { settledWithin } from "../../../waits.ts";
import { LastLines } from "../../output-lines.ts";
import type { KeptWorker, WorkerExit, WorkerHandle, WorkerSpec } from "../../worker-driver.ts";
import { rayNamespace, type RayCluster } from "./ray-cluster.ts";
import type { RayNodes } from "./ray-nodes.ts";

export interface RayWorkerFacts {
  /** Of the actor. */
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly nodeId: string;
  readonly tempDir: string;
}

export interface RayWorkerParts {
  readonly cluster: RayCluster;
  readonly logger: Logger;
  readonly onOutput: WorkerSpec["onOutput"];
  /** Hears of hosts that do not answer, though Ray does. */
  readonly hosts: Pick<RayNodes, "suspect" | "isSuspect">;
}

/** How long an actor may take to end its child when it is asked to, and Ray to end the actor, in milliseconds. */
const stopPatienceMs = 3_000;
const goneSessionMs = 15_000;
/** Where a host is silent, how long the head may take to show that it is not the one. */
const rayAnswerMs = 4_000;

export class RayWorker implements WorkerHandle {
  readonly host: string;
  readonly pid: number;
  readonly nodeId: string;
  readonly kept: KeptWorker;
  readonly exited: Promise<WorkerExit>;
  readonly gone: Promise<WorkerExit>;
  readonly #name: string;
  readonly #cluster: RayCluster;
  readonly #logger: Logger;
  readonly #onOutput: WorkerSpec["onOutput"];
  readonly #hosts: RayWorkerParts["hosts"];
  readonly #errors = new LastLines();
  readonly #output = new LastLines();
  readonly #ended = new AbortController();
  #host: WorkerHost;
  #tellExit!: (exit: WorkerExit) => void;
  #isKilled = false;

  constructor(host: WorkerHost, facts: RayWorkerFacts, parts: RayWorkerParts) {
    const { name, nodeId, pid, tempDir } = facts;
    this.host = facts.host;
    this.pid = pid;
    this.nodeId = nodeId;
    this.kept = { pid, began: nodeId, host: facts.host, tempDir, actor: name };
    this.#name = name;
    this.#host = host;
    this.#cluster = parts.cluster;
    this.#logger = parts.logger;
    this.#onOutput = parts.onOutput;
    this.#hosts = parts.hosts;
    this.exited = new Promise((resolve) => { this.#tellExit = resolve; });
    void this.#follow();
    this.gone = this.exited.then(async (exit) => {
      const buried = this.#bury();
      if (!this.#hosts.isSuspect(nodeId)) await buried;
      return exit;
    });
  }

  lastOutput(): string {
    return (this.#errors.isEmpty ? this.#output : this.#errors).toString();
  }

  kill(): void {
    if (this.#isKilled) return;
    this.#isKilled = true;
    void this.#kill();
  }

  /** Undefined also where Ray knows that the actor is dead: `exited` tells that, and why. */
  async hostAnswers(timeoutMs: number): Promise<boolean | undefined> {
    const rayAnswers = this.#rayAnswers();
    try {
      await this.#host.info({ timeoutMs });
      return true;
    } catch (error) {
      const isSilent = error instanceof RayActorUnavailableError || (isTimeout(error) && (await rayAnswers));
      if (!isSilent) return undefined;
      this.#hosts.suspect(this.nodeId);
      return false;
    }
  }

  /** Whether the silence is the host's, not the head's. */
  async #rayAnswers(): Promise<boolean> {
    try {
      const session = await this.#cluster.session(AbortSignal.timeout(rayAnswerMs));
      await session.nodes({ timeoutMs: rayAnswerMs });
      return true;
    } catch {
      return false;
    }
  }

  /** By its actor, which waits for the end of all the child has started; if the actor does not answer, by Ray. */
  async #kill(): Promise<void> {
    const stopped = this.#host.stop({ graceMs: 0, signal: AbortSignal.timeout(stopPatienceMs) }).catch(() => {}); // `#follow` tells how it ended
    if (!this.#hosts.isSuspect(this.nodeId)) {
      await stopped;
      if (await settledWithin(this.exited, 500, systemClock)) return;
      if (await this.#rayAnswers()) this.#hosts.suspect(this.nodeId);
    }
    this.#end({ code: null, signal: "SIGKILL", reason: "was ended; its host did not answer" });
  }

  #end(exit: WorkerExit): void {
    this.#tellExit(exit);
    this.#ended.abort(new Error("the worker has ended"));
  }

  /** R2 */
  async #bury(): Promise<void> {
    const signal = AbortSignal.timeout(goneSessionMs);
    try {
      const session = await this.#cluster.session(signal);
      await endActor(session, this.#name, { timeoutMs: stopPatienceMs });
    } catch (error) {
      this.#logger.warn("a worker's actor is left to Ray", { actor: this.#name, host: this.host, error });
    } finally {
      this.#host.actor.release();
    }
  }

  async #follow(): Promise<void> {
    const signal = AbortSignal.any([this.#ended.signal, this.#cluster.closing]);
    for (let since = 0; !signal.aborted;) {
      try {
        const news = await this.#host.follow(since, { signal });
        await this.#hear(news, since);
        since = news.next;
        if (news.exit) return this.#end(news.exit);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof RayActorDiedError) return this.#end({ code: null, signal: null, reason: `was lost: ${await this.#causeOfDeath(error)}` });
        if (error instanceof RayActorNotFoundError) return this.#end({ code: null, signal: null, reason: "was lost: Ray does not know its actor any more" });
        await this.#findAgain(signal).catch((why: unknown) => {
          if (why instanceof RayActorNotFoundError) this.#end({ code: null, signal: null, reason: "was lost: Ray does not know its actor any more" });
        });
      }
    }
  }

  /** A call that death cut short says less than one that comes later. */
  async #causeOfDeath(first: RayActorDiedError): Promise<string> {
    const later = await this.#host.info({ timeoutMs: stopPatienceMs }).then(() => first, (error: unknown) => (error instanceof RayActorDiedError ? error : first));
    const lines = messageOf(later).replace(/^\w+: /, "").split("\n").map((line) => line.trim()).filter((line) => line !== "" && !/^(class_name|actor_id|pid|name|namespace|ip): /.test(line));
    return lines.join(" ").slice(0, 500);
  }

  /** The session may be another one by now; and what is unavailable may be back soon. */
  async #findAgain(signal: AbortSignal): Promise<void> {
    await systemClock.sleep(200, signal);
    const session = await this.#cluster.untilSession(signal);
    const found = await findWorkerHost(session, this.#name, { namespace: rayNamespace, signal });
    this.#host.actor.release();
    this.#host = found;
  }

  async #hear({ lines, next }: HostNews, since: number): Promise<void> {
    const dropped = next - since - lines.length;
    if (dropped > 0) await this.#onOutput("stderr", `… ${dropped} lines of output were not kept: they came too fast`);
    for (const [stream, line] of lines) {
      (stream === "stderr" ? this.#errors : this.#output).push(line);
      await this.#onOutput(stream, line);
    }
  }
}

/** Ends an actor by name, and waits until Ray knows the name no more. One that is not there is as good. */
export async function endActor(session: RayControl, name: string, { timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    for (let waitMs = 5; ; waitMs = Math.min(200, waitMs * 2)) {
      await using actor = await session.namedActor(name, { namespace: rayNamespace, signal });
      await actor.kill({ signal });
      await systemClock.sleep(waitMs, signal);
    }
  } catch (error) {
    if (!(error instanceof RayActorNotFoundError)) throw error;
  }
}

const isTimeout = (error: unknown): boolean => (error as { code?: unknown }).code === "SAGE_TIMEOUT";
