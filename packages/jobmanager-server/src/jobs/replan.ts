// Asks the job's own program for its plan in another parallelism: one worker evaluates it, answers, and goes.

import { deferred, newJobId, newWorkerId, SageError } from "@sage/core";
import type { FailureView, Hello, Plan, WorkerMessage } from "@sage/protocol";
import { randomBytes } from "node:crypto";
import type { Submission } from "../store/job-store.ts";
import { orAborted, settledWithin } from "../waits.ts";
import { attemptFiles } from "./attempt-files.ts";
import { programOf } from "./attempt-spec.ts";
import type { RunnerParts } from "./job-runner.ts";
import { parsePlan } from "./plan-check.ts";
import type { AttachPoint, WorkerLink, WorkerSession } from "./worker-registry.ts";

export class ReplanError extends SageError {
  constructor(parallelism: number, why: string, hint = "") {
    super(`the program has no plan with parallelism ${parallelism}: ${why}`, { code: "SAGE_REPLAN_FAILED", fault: "user", ...(hint ? { hint } : {}) });
  }
}

interface Wanted {
  readonly submission: Submission;
  /** The plan that runs now: its key groups stay. */
  readonly plan: Plan;
  readonly parallelism: number;
}

/** The plan as JSON, checked. @throws {@link ReplanError}, InvalidSubmissionError */
export async function replan({ submission, plan, parallelism }: Wanted, parts: RunnerParts, signal: AbortSignal): Promise<string> {
  const answer = deferred<string>();
  answer.promise.catch(() => {}); // heard below
  const workerId = newWorkerId();
  const program = await programOf(submission, parts.artifacts);
  const point: AttachPoint = { jobId: newJobId(), attempt: 1, secretHex: randomBytes(32).toString("hex"), attach, files: attemptFiles({ deploy: program, stagingDir: "" }, () => false) };
  const deploy = { ...program, planJson: JSON.stringify(plan), attempt: 1, replanParallelism: parallelism };
  let link: WorkerLink | undefined;
  using _registration = parts.registry.add(point);
  const boot = {
    jobId: point.jobId, attempt: 1, workerIndex: 0, workerId, daemonAddress: parts.daemonAddress(), secretHex: point.secretHex, gracePeriodMs: parts.gracePeriodMs,
  };
  const handle = await parts.driver.start({ boot, env: submission.env, baseDir: submission.baseDir, onOutput: () => undefined }, signal);
  void handle.exited.then(() => answer.reject(new ReplanError(parallelism, "the worker that was asked has ended", handle.lastOutput())));
  try {
    const { deployTimeoutMs, startupTimeoutMs } = parts.timing;
    if (!(await orAborted(settledWithin(answer.promise, startupTimeoutMs + deployTimeoutMs, parts.clock), signal))) throw new ReplanError(parallelism, "the worker that was asked gave no answer");
    const planJson = await answer.promise;
    const made = parsePlan(planJson);
    if (made.maxParallelism !== plan.maxParallelism) throw new ReplanError(parallelism, `it has ${made.maxParallelism} key groups, not ${plan.maxParallelism}`);
    return planJson;
  } finally {
    void (link as WorkerLink | undefined)?.send({ close: {} });
    if (!(await settledWithin(handle.exited, parts.timing.closeGraceMs, parts.clock))) handle.kill();
    await handle.gone;
  }

  function attach(hello: Hello, to: WorkerLink): WorkerSession | undefined {
    if (hello.workerId !== workerId || link) return undefined;
    link = to;
    setImmediate(() => void to.send({ deploy })); // behind Welcome
    return {
      onMessage(message: WorkerMessage) {
        if (message.deployed?.planJson) answer.resolve(message.deployed.planJson);
        else if (message.deployed) answer.reject(new ReplanError(parallelism, "its worker does not know how to make another plan"));
        if (message.failed?.failure) answer.reject(failureError(parallelism, message.failed.failure));
        return undefined;
      },
      onClosed: () => {},
    };
  }
}

const failureError = (parallelism: number, { message, hint }: FailureView): ReplanError => new ReplanError(parallelism, message, hint);
