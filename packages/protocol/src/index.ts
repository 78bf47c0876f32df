// What others see of this package. Of a wire message `X`, the type `X` is what is read (every field is there) and
// `XInit` what may be written (any field may be left out).

export {
  instanceIn, planVersion, remoteServicesOf, slotsOf, workerOf,
  type ErrorPolicy, type NodeKind, type Partitioning, type Plan, type PlanChain, type PlanEdge, type PlanLoop,
  type PlanNode, type PlanService, type Resources,
} from "./plan.ts";
export {
  BadFrameError, UnhashableKeyError, UnknownTypeError, UnserializableError,
} from "./records/errors.ts";
export { stableHash } from "./records/stable-hash.ts";
export { canonicalKey, type CanonicalKey } from "./records/canonical-key.ts";
export { defaultMaxParallelism, instanceOf, keyGroupOf, keyGroupsOf } from "./records/key-groups.ts";
export { fingerprintOf } from "./records/fingerprint.ts";
export { registerType, type RegisterTypeOptions } from "./records/registered-types.ts";
export { decodeBatch, encodeBatch, recordCountOf } from "./records/codec.ts";
export { readRecordFile, recordFileOf } from "./records/record-file.ts";
export { clientOfBoot, parseWorkerBoot, workerBootVersion, WorkerBootError, type WorkerBoot } from "./worker-boot.ts";
export { dashboardKeyFileName, doctorFileName, DaemonReadyError, parseDaemonReady, runFileName, type DaemonReady } from "./daemon-ready.ts";
export { emptyInstance } from "./empty-instance.ts";
export { HeartbeatBytes } from "./heartbeat-bytes.ts";
export { InstanceRow, instanceNumbers } from "./instance-row.ts";
export { peerLostCode } from "./peer-lost.ts";
export {
  attachPurpose, daemonProof, downloadPurpose, helloProof, newNonce, pulsePurpose, sameProof, uploadPurpose, workerProof, type ProofScope, type ProvenFacts,
} from "./worker-proof.ts";
export {
  healthClient, healthService, jobsClient, jobsService, maxMessageBytes, reflectionClient, reflectionService, serverOptions,
  uploadChunkBytes, workersClient, workersService,
  type ClientOptions, type HealthHandlers, type HealthService, type JobsClient, type JobsHandlers, type JobsService,
  type ReflectionHandlers, type ReflectionService, type ServiceClient, type WorkersClient, type WorkersHandlers, type WorkersService,
} from "./services.ts";
export { callClientStream, callServerStream, callUnary, openBidi, type BidiCall, type CallOptions, type UnaryOptions } from "./calls.ts";
export { CallerGoneError, handlersWith, type CallContext, type Handlers } from "./handlers.ts";
export { ListenError, NoClientCertificateError, startGrpcServer, UnauthenticatedError, type GrpcServer, type GrpcServerOptions } from "./server.ts";
export { MalformedRequestError } from "./malformed.ts";
export type { Send } from "./messages.ts";
export { DaemonUnreachableError, fromStatus, toStatus, type CallFacts } from "./status.ts";
export { makeAuthority, makeCertificate, type Certificate, type CertificateFacts, type ServerFacts } from "./tls/certificate.ts";
export { type ClientTls } from "./tls/client-tls.ts";
export { DaemonTlsError, TlsFileError } from "./tls/errors.ts";
export { openServerTls, type ServerTls, type ServerTlsFiles, type TlsFacts } from "./tls/server-tls.ts";
export { speaksTls } from "./tls/speaks-tls.ts";
export { readAuthorities, readPair, type CertificateFiles } from "./tls/tls-files.ts";
export { fileDescriptors } from "./gen/descriptor.ts";
export type { ServerReflectionRequest__Output as ReflectionRequest } from "./gen/grpc/reflection/v1/ServerReflectionRequest.ts";
export type { ServerReflectionResponse as ReflectionResponseInit } from "./gen/grpc/reflection/v1/ServerReflectionResponse.ts";
export { JobPhase as JobPhases, type JobPhase__Output as JobPhase } from "./gen/sage/v1/JobPhase.ts";
export type { AlignmentLimits__Output as AlignmentLimits, AlignmentLimits as AlignmentLimitsInit } from "./gen/sage/v1/AlignmentLimits.ts";
export type { AlignmentReport__Output as AlignmentReport, AlignmentReport as AlignmentReportInit } from "./gen/sage/v1/AlignmentReport.ts";
export type { ArtifactChunk__Output as ArtifactChunk, ArtifactChunk as ArtifactChunkInit } from "./gen/sage/v1/ArtifactChunk.ts";
export type { ArtifactHashes__Output as ArtifactHashes, ArtifactHashes as ArtifactHashesInit } from "./gen/sage/v1/ArtifactHashes.ts";
export type { ArtifactReceipt__Output as ArtifactReceipt, ArtifactReceipt as ArtifactReceiptInit } from "./gen/sage/v1/ArtifactReceipt.ts";
export type { AwaitsCheckpoint__Output as AwaitsCheckpoint, AwaitsCheckpoint as AwaitsCheckpointInit } from "./gen/sage/v1/AwaitsCheckpoint.ts";
export type { BlockView__Output as BlockView, BlockView as BlockViewInit } from "./gen/sage/v1/BlockView.ts";
export type { Cancel__Output as Cancel, Cancel as CancelInit } from "./gen/sage/v1/Cancel.ts";
export type { Cancelled__Output as Cancelled, Cancelled as CancelledInit } from "./gen/sage/v1/Cancelled.ts";
export type { CheckpointAborted__Output as CheckpointAborted, CheckpointAborted as CheckpointAbortedInit } from "./gen/sage/v1/CheckpointAborted.ts";
export type { CheckpointCommitted__Output as CheckpointCommitted, CheckpointCommitted as CheckpointCommittedInit } from "./gen/sage/v1/CheckpointCommitted.ts";
export type { CheckpointSettings__Output as CheckpointSettings, CheckpointSettings as CheckpointSettingsInit } from "./gen/sage/v1/CheckpointSettings.ts";
export type { CheckpointView__Output as CheckpointView, CheckpointView as CheckpointViewInit } from "./gen/sage/v1/CheckpointView.ts";
export type { CleanupRequest__Output as CleanupRequest, CleanupRequest as CleanupRequestInit } from "./gen/sage/v1/CleanupRequest.ts";
export type { Close__Output as Close, Close as CloseInit } from "./gen/sage/v1/Close.ts";
export type { Committed__Output as Committed, Committed as CommittedInit } from "./gen/sage/v1/Committed.ts";
export type { ContinueRequest__Output as ContinueRequest, ContinueRequest as ContinueRequestInit } from "./gen/sage/v1/ContinueRequest.ts";
export type { DaemonMessage__Output as DaemonMessage, DaemonMessage as DaemonMessageInit } from "./gen/sage/v1/DaemonMessage.ts";
export type { DataArtifact__Output as DataArtifact, DataArtifact as DataArtifactInit } from "./gen/sage/v1/DataArtifact.ts";
export type { DeadLetter__Output as DeadLetter, DeadLetter as DeadLetterInit } from "./gen/sage/v1/DeadLetter.ts";
export type { DeleteRequest__Output as DeleteRequest, DeleteRequest as DeleteRequestInit } from "./gen/sage/v1/DeleteRequest.ts";
export type { Deploy__Output as Deploy, Deploy as DeployInit } from "./gen/sage/v1/Deploy.ts";
export type { Deployed__Output as Deployed, Deployed as DeployedInit } from "./gen/sage/v1/Deployed.ts";
export type { DispatcherView__Output as DispatcherView, DispatcherView as DispatcherViewInit } from "./gen/sage/v1/DispatcherView.ts";
export type { Drain__Output as Drain, Drain as DrainInit } from "./gen/sage/v1/Drain.ts";
export type { Failed__Output as Failed, Failed as FailedInit } from "./gen/sage/v1/Failed.ts";
export type { FailureView__Output as FailureView, FailureView as FailureViewInit } from "./gen/sage/v1/FailureView.ts";
export type { Finished__Output as Finished, Finished as FinishedInit } from "./gen/sage/v1/Finished.ts";
export type { GroupTime__Output as GroupTime, GroupTime as GroupTimeInit } from "./gen/sage/v1/GroupTime.ts";
export type { Heartbeat__Output as Heartbeat, Heartbeat as HeartbeatInit } from "./gen/sage/v1/Heartbeat.ts";
export type { Hello__Output as Hello, Hello as HelloInit } from "./gen/sage/v1/Hello.ts";
export type { InstanceView__Output as InstanceView, InstanceView as InstanceViewInit } from "./gen/sage/v1/InstanceView.ts";
export type { JobCheckpoints__Output as JobCheckpoints, JobCheckpoints as JobCheckpointsInit } from "./gen/sage/v1/JobCheckpoints.ts";
export type { JobList__Output as JobList, JobList as JobListInit } from "./gen/sage/v1/JobList.ts";
export type { JobRef__Output as JobRef, JobRef as JobRefInit } from "./gen/sage/v1/JobRef.ts";
export type { JobView__Output as JobView, JobView as JobViewInit } from "./gen/sage/v1/JobView.ts";
export type { ListRequest__Output as ListRequest, ListRequest as ListRequestInit } from "./gen/sage/v1/ListRequest.ts";
export type { LogLine__Output as LogLine, LogLine as LogLineInit } from "./gen/sage/v1/LogLine.ts";
export type { Logged__Output as Logged, Logged as LoggedInit } from "./gen/sage/v1/Logged.ts";
export type { LogsRequest__Output as LogsRequest, LogsRequest as LogsRequestInit } from "./gen/sage/v1/LogsRequest.ts";
export type { LoopCount__Output as LoopCount, LoopCount as LoopCountInit } from "./gen/sage/v1/LoopCount.ts";
export type { LoopEnd__Output as LoopEnd, LoopEnd as LoopEndInit } from "./gen/sage/v1/LoopEnd.ts";
export type { LoopQuery__Output as LoopQuery, LoopQuery as LoopQueryInit } from "./gen/sage/v1/LoopQuery.ts";
export type { LoopReport__Output as LoopReport, LoopReport as LoopReportInit } from "./gen/sage/v1/LoopReport.ts";
export type { OperatorView__Output as OperatorView, OperatorView as OperatorViewInit } from "./gen/sage/v1/OperatorView.ts";
export type { Peer__Output as Peer, Peer as PeerInit } from "./gen/sage/v1/Peer.ts";
export type { Profile__Output as Profile, Profile as ProfileInit } from "./gen/sage/v1/Profile.ts";
export type { ProfileOperator__Output as ProfileOperator } from "./gen/sage/v1/ProfileOperator.ts";
export type { ProfileFunction__Output as ProfileFunction, ProfileFunction as ProfileFunctionInit } from "./gen/sage/v1/ProfileFunction.ts";
export type { ProfileRequest__Output as ProfileRequest, ProfileRequest as ProfileRequestInit } from "./gen/sage/v1/ProfileRequest.ts";
export type { ProfileView__Output as ProfileView, ProfileView as ProfileViewInit } from "./gen/sage/v1/ProfileView.ts";
export type { Profiled__Output as Profiled, Profiled as ProfiledInit } from "./gen/sage/v1/Profiled.ts";
export type { PeerSilent__Output as PeerSilent } from "./gen/sage/v1/PeerSilent.ts";
export type { PulseRequest__Output as PulseRequest, PulseRequest as PulseRequestInit } from "./gen/sage/v1/PulseRequest.ts";
export type { RayView__Output as RayView, RayView as RayViewInit } from "./gen/sage/v1/RayView.ts";
export type { Relayed__Output as Relayed, Relayed as RelayedInit } from "./gen/sage/v1/Relayed.ts";
export type { Refused__Output as Refused, Refused as RefusedInit } from "./gen/sage/v1/Refused.ts";
export type { RescaleRequest__Output as RescaleRequest, RescaleRequest as RescaleRequestInit } from "./gen/sage/v1/RescaleRequest.ts";
export type { RestartStrategy__Output as RestartStrategy, RestartStrategy as RestartStrategyInit } from "./gen/sage/v1/RestartStrategy.ts";
export type { RestartView__Output as RestartView, RestartView as RestartViewInit } from "./gen/sage/v1/RestartView.ts";
export type { Restore__Output as Restore, Restore as RestoreInit } from "./gen/sage/v1/Restore.ts";
export type { Result__Output as Result, Result as ResultInit } from "./gen/sage/v1/Result.ts";
export type { ResultBatch__Output as ResultBatch, ResultBatch as ResultBatchInit } from "./gen/sage/v1/ResultBatch.ts";
export type { ResultCredit__Output as ResultCredit, ResultCredit as ResultCreditInit } from "./gen/sage/v1/ResultCredit.ts";
export type { ResultsRequest__Output as ResultsRequest, ResultsRequest as ResultsRequestInit } from "./gen/sage/v1/ResultsRequest.ts";
export type { SavepointRequest__Output as SavepointRequest, SavepointRequest as SavepointRequestInit } from "./gen/sage/v1/SavepointRequest.ts";
export type { ServerInfoRequest__Output as ServerInfoRequest, ServerInfoRequest as ServerInfoRequestInit } from "./gen/sage/v1/ServerInfoRequest.ts";
export type { ServerInfoView__Output as ServerInfoView, ServerInfoView as ServerInfoViewInit } from "./gen/sage/v1/ServerInfoView.ts";
export type { ServiceView__Output as ServiceView, ServiceView as ServiceViewInit } from "./gen/sage/v1/ServiceView.ts";
export type { SnapshotAck__Output as SnapshotAck, SnapshotAck as SnapshotAckInit } from "./gen/sage/v1/SnapshotAck.ts";
export type { SlowestTask__Output as SlowestTask } from "./gen/sage/v1/SlowestTask.ts";
export type { SnapshotDeclined__Output as SnapshotDeclined, SnapshotDeclined as SnapshotDeclinedInit } from "./gen/sage/v1/SnapshotDeclined.ts";
export type { Start__Output as Start, Start as StartInit } from "./gen/sage/v1/Start.ts";
export type { StateChunk__Output as StateChunk, StateChunk as StateChunkInit } from "./gen/sage/v1/StateChunk.ts";
export type { StateFile__Output as StateFile, StateFile as StateFileInit } from "./gen/sage/v1/StateFile.ts";
export type { StateHandle__Output as StateHandle, StateHandle as StateHandleInit } from "./gen/sage/v1/StateHandle.ts";
export type { StateOwner__Output as StateOwner, StateOwner as StateOwnerInit } from "./gen/sage/v1/StateOwner.ts";
export type { StateReceipt__Output as StateReceipt, StateReceipt as StateReceiptInit } from "./gen/sage/v1/StateReceipt.ts";
export type { RayFrame__Output as RayFrame, RayFrame as RayFrameInit } from "./gen/sage/v1/RayFrame.ts";
export type { StateRequest__Output as StateRequest, StateRequest as StateRequestInit } from "./gen/sage/v1/StateRequest.ts";
export { StateSpread as StateSpreads, type StateSpread__Output as StateSpread } from "./gen/sage/v1/StateSpread.ts";
export type { StopRequest__Output as StopRequest, StopRequest as StopRequestInit } from "./gen/sage/v1/StopRequest.ts";
export type { SubmitRequest__Output as SubmitRequest, SubmitRequest as SubmitRequestInit } from "./gen/sage/v1/SubmitRequest.ts";
export type { TaskMetrics__Output as TaskMetrics, TaskMetrics as TaskMetricsInit } from "./gen/sage/v1/TaskMetrics.ts";
export type { TaskRestore__Output as TaskRestore, TaskRestore as TaskRestoreInit } from "./gen/sage/v1/TaskRestore.ts";
export type { TaskSnapshot__Output as TaskSnapshot, TaskSnapshot as TaskSnapshotInit } from "./gen/sage/v1/TaskSnapshot.ts";
export type { Transition__Output as Transition, Transition as TransitionInit } from "./gen/sage/v1/Transition.ts";
export type { TriggerCheckpoint__Output as TriggerCheckpoint, TriggerCheckpoint as TriggerCheckpointInit } from "./gen/sage/v1/TriggerCheckpoint.ts";
export type { WatchRequest__Output as WatchRequest, WatchRequest as WatchRequestInit } from "./gen/sage/v1/WatchRequest.ts";
export type { Welcome__Output as Welcome, Welcome as WelcomeInit } from "./gen/sage/v1/Welcome.ts";
export type { WorkerMessage__Output as WorkerMessage, WorkerMessage as WorkerMessageInit } from "./gen/sage/v1/WorkerMessage.ts";
