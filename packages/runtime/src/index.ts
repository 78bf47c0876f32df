export { importProgram } from "./user-code/import-program.ts";
export { writeProgram, type ProgramFiles, type ProgramPlace, type ProgramText } from "./user-code/program-files.ts";
export { loadUserCode, type UserCode, type UserCodeOptions } from "./user-code/user-code.ts";
export { NeverSubmittedError, ProgramDamagedError, ProgramThrewError, ResultsElsewhereError } from "./user-code/errors.ts";
export { placeOf, userFrames, userStack, type UserFrame } from "./stack.ts";
export { programSources, projectSources, type SourcePosition, type UserSources } from "./user-sources.ts";
export { ServiceHost, type ServiceHostOptions } from "./services/service-host.ts";
export { noServices, type ServiceDirectory } from "./services/service-directory.ts";
export {
  ServiceClosedError, ServiceFailedError, ServiceNotReadyError, ServiceOverloadedError, ServiceTimeoutError, UnknownServiceError, UnknownServiceMethodError,
} from "./services/errors.ts";
export { toFailureView } from "./worker/failure-view.ts";
export { Engine, type EngineOptions, type LoopCount } from "./engine.ts";
export type { InstanceMetrics } from "./observe/instance-metrics.ts";
export { openInProcess, runInProcess, type InProcessOptions } from "./in-process.ts";
export type { EngineHooks, RemoteChannels } from "./wiring.ts";
export type { OperatorHooks, OperatorLogLine } from "./chain.ts";
export type { DeadLetter } from "./operators/failure-policy.ts";
export { CancelledError, LateCollectError, LoopOverrunError, NoKeyError, NotIterableError, NoTimestampError, OperatorFailedError } from "./errors.ts";
export { LocalCheckpoints, type LocalCheckpointOptions } from "./checkpoint/local-checkpoints.ts";
export { StateDamagedError, StateMismatchError, StateNotMergeableError, StateNotSerializableError } from "./checkpoint/errors.ts";
