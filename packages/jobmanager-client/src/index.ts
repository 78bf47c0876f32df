// Submit, watch and stop jobs of a JobManager daemon. No command line, no runtime: a library for services.

export { connectJobManager, JobManagerClient, type ConnectOptions, type ContinueOptions, type Health, type ProfileOptions, type StopOptions } from "./client.ts";
export { JobHandle, type DoneOptions } from "./job-handle.ts";
export type { EntryOptions } from "./entry.ts";
export type { GraphSubmission, JobOptions } from "./submit.ts";
export type { ClientTls } from "@sage/protocol";
export type { CallOptions } from "./call-settings.ts";
export type { LogOptions, StreamOptions } from "./streams.ts";
export type { CollectedBatch } from "./results.ts";
export { bundleProgram, EntryNotFoundError, type ProgramBundle } from "./bundle.ts";
export { whySlow } from "./why-slow.ts";
export { withOperator, type Finding, type FindingKind, type WhySlow } from "@sage/protocol/json";
export { findJob } from "./job-ref.ts";
export { failureOf, hasEnded, isOver, progressOf, resultOrFailure, toResult, toStatus, type ProgressSample } from "./job-result.ts";
export {
  AmbiguousJobError, BundleError, ClearTextRefusedError, ClientClosedError, DaemonSpeaksTlsError, JobNotFoundError, NoPipelineExportedError, NoResultsError, ResultsInterruptedError,
  type BundleProblem,
} from "./errors.ts";
export { AutostopTimeoutError, JobFailedError, type JobFailure, type JobProgress, type JobResult, type JobStatus, type OperatorCounts } from "@sage/graph";
export type { CheckpointOptions, DurabilityOptions, RestartOptions, Savepoint } from "@sage/graph";
export type { CheckpointView, FailureView, InstanceView, JobPhase, JobView, LogLine, OperatorView, RestartView, ServerInfoView, ServiceView } from "@sage/protocol";
