// Jobs as data, without gRPC: what the command line prints, and what the daemon says to pages.

export {
  checkpointJson, jobJson, logJson, recordsOf, runtimeMsOf, serverInfoJson, statusOf, toRfc3339, totalOf,
  type CheckpointJson, type FailureJson, type JobJson, type LogJson, type RestartJson, type Rfc3339, type ServerInfoJson, type TransitionJson,
} from "./job-json.ts";
export {
  gatewayVersion,
  type ActionOutcome, type ActionRequest, type DoctorJson, type ErrorJson, type FindingJson, type GatewayClientMessage, type GatewayServerMessage, type HostJson, type JobDetailJson,
  type JobRowJson, type RayJson, type RayNodeJson, type RayResourceJson, type ServerJson, type SubscribeRequest, type WorkerJson,
} from "./gateway-messages.ts";
export { checkpointDelay } from "./checkpoint-delay.ts";
export { blockFindings, whySlow, type Finding, type FindingKind, withOperator, type SlowJob, type WhySlow } from "./why-slow.ts";
export { delaysOf, type JobSampleJson } from "./delays.ts";
