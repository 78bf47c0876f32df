// The jobs of a program that is run by another: all are waited for, and no error is lost.

import { deferred } from "@sage/core";
import type { JobResult, PipelineHost, RunningJob, Submission } from "@sage/graph";
import { resolveTarget, type DefaultHost } from "./default-host.ts";
import { InterruptedError } from "./interrupt.ts";

interface Followed {
  readonly job: RunningJob;
  /** Whether it lives with this process. */
  readonly isLocal: boolean;
  /** The program's own wait for it, if it has begun. */
  wait?: Promise<JobResult>;
  isWaitOver?: boolean;
}

export class ProgramJobs {
  readonly #interrupt: AbortSignal | undefined;
  readonly #jobs: Followed[] = [];
  readonly #submits = new Set<Promise<unknown>>();
  #hasSubmitted = false;

  constructor(interrupt?: AbortSignal) {
    this.#interrupt = interrupt;
  }

  /** The same host, whose jobs are followed. */
  followed(host: DefaultHost): PipelineHost {
    return {
      overrides: host.overrides,
      health: (target) => host.health(target),
      submit: (submission) => {
        this.#hasSubmitted = true;
        const submit = this.#submit(host, submission).finally(() => this.#submits.delete(submit));
        this.#submits.add(submit);
        return submit;
      },
    };
  }

  async #submit(host: DefaultHost, submission: Submission): Promise<RunningJob> {
    const job = await host.submit(submission);
    const followed: Followed = { job, isLocal: resolveTarget(submission.target, host.settings).kind === "local" };
    this.#jobs.push(followed);
    return {
      jobId: job.jobId,
      done: (options) => (followed.wait = job.done(options).finally(() => { followed.isWaitOver = true; })),
      status: () => job.status(),
      savepoint: () => job.savepoint(),
      rescale: (parallelism) => job.rescale(parallelism),
      stop: () => job.stop(),
      detach: () => job.detach(),
    };
  }

  /**
   * Waits for a program and all that it submitted: also for what it does not wait for itself.
   *
   * @throws what the program throws or does not catch; InterruptedError.
   */
  async untilEnded(program: Promise<void>): Promise<void> {
    const uncaught = deferred<never>();
    const onUncaught = (error: unknown) => uncaught.reject(error);
    uncaught.promise.catch(() => {});
    process.on("unhandledRejection", onUncaught);
    try {
      await Promise.race([program, uncaught.promise, this.#interrupted()]);
      await Promise.race([this.#untilAllOver(), uncaught.promise]);
      await nextTurn(); // a rejection that nobody handles is told at the end of the turn
      await Promise.race([uncaught.promise, Promise.resolve()]);
    } finally {
      await nextTurn(); // what failed with the first error is told now, and adds nothing
      process.off("unhandledRejection", onUncaught);
      for (const { job, isLocal, wait } of this.#jobs) if (isLocal) await job.detach().catch(() => wait);
    }
  }

  /** Whether the program has submitted anything, be it in vain. */
  get hasSubmitted(): boolean {
    return this.#hasSubmitted;
  }

  /** A job of this process that the program waits for at this moment. */
  get awaitedHere(): string | undefined {
    return this.#jobs.find(({ isLocal, wait, isWaitOver }) => isLocal && wait !== undefined && isWaitOver !== true)?.job.jobId;
  }

  /** What is known of the jobs, in order of their submits. */
  async results(): Promise<JobResult[]> {
    const results = await Promise.all(this.#jobs.map(({ job }) => job.status().catch(() => undefined)));
    return results.filter((result) => result !== undefined);
  }

  async #untilAllOver(): Promise<void> {
    await Promise.allSettled(this.#submits);
    await nextTurn(); // the environments begin to wait
    for (let at = 0; at < this.#jobs.length; at++) {
      const { job, isLocal, wait } = this.#jobs[at]!;
      if (wait) await wait.catch(() => {}); // the program's own: what it does not catch is uncaught
      else if (isLocal) await job.done({ timeoutMs: 0 });
      else await job.detach();
      await Promise.allSettled(this.#submits);
      await nextTurn();
    }
  }

  /** Rejects behind an interrupt, once the jobs have reacted to it. */
  async #interrupted(): Promise<never> {
    const signal = this.#interrupt;
    if (!signal) return new Promise<never>(() => {});
    if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    await Promise.allSettled(this.#jobs.flatMap(({ wait }) => wait ?? []));
    await nextTurn();
    const last = this.#jobs.at(-1);
    throw new InterruptedError(last?.job.jobId ?? "none", last !== undefined && !last.isLocal);
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
