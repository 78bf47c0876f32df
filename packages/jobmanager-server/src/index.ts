// The JobManager daemon as a library; its program is `@sage/jobmanager-server/daemon`.

export { defaultHttpPort, defaultPort, startDaemon, type Daemon, type DaemonOptions, type HttpOptions } from "./compose.ts";
export { defaultAttemptTiming, type AttemptTiming } from "./jobs/attempt-parts.ts";
export { JobManager } from "./jobs/job-manager.ts";
export { defaultPlanLimits, type PlanLimits } from "./jobs/plan-check.ts";
export type { JobPhase } from "./jobs/lifecycle.ts";
export type { JobSnapshot } from "./jobs/job.ts";
export type { JobRecord, Submission, Transition } from "./store/job-store.ts";
export type { LogQuery } from "./logs/job-log.ts";
export type { SessionOptions } from "./logs/session.ts";
export { processDriver, type ProcessDriverOptions } from "./scheduling/drivers/process-driver.ts";
export type { WorkerDriver, WorkerExit, WorkerHandle, WorkerSpec } from "./scheduling/worker-driver.ts";
