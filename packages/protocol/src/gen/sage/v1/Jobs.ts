// Original file: proto/sage/v1/jobs.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ArtifactChunk as _sage_v1_ArtifactChunk, ArtifactChunk__Output as _sage_v1_ArtifactChunk__Output } from '../../sage/v1/ArtifactChunk.ts';
import type { ArtifactHashes as _sage_v1_ArtifactHashes, ArtifactHashes__Output as _sage_v1_ArtifactHashes__Output } from '../../sage/v1/ArtifactHashes.ts';
import type { ArtifactReceipt as _sage_v1_ArtifactReceipt, ArtifactReceipt__Output as _sage_v1_ArtifactReceipt__Output } from '../../sage/v1/ArtifactReceipt.ts';
import type { CheckpointView as _sage_v1_CheckpointView, CheckpointView__Output as _sage_v1_CheckpointView__Output } from '../../sage/v1/CheckpointView.ts';
import type { CleanupRequest as _sage_v1_CleanupRequest, CleanupRequest__Output as _sage_v1_CleanupRequest__Output } from '../../sage/v1/CleanupRequest.ts';
import type { ContinueRequest as _sage_v1_ContinueRequest, ContinueRequest__Output as _sage_v1_ContinueRequest__Output } from '../../sage/v1/ContinueRequest.ts';
import type { DeleteRequest as _sage_v1_DeleteRequest, DeleteRequest__Output as _sage_v1_DeleteRequest__Output } from '../../sage/v1/DeleteRequest.ts';
import type { JobList as _sage_v1_JobList, JobList__Output as _sage_v1_JobList__Output } from '../../sage/v1/JobList.ts';
import type { JobRef as _sage_v1_JobRef, JobRef__Output as _sage_v1_JobRef__Output } from '../../sage/v1/JobRef.ts';
import type { JobView as _sage_v1_JobView, JobView__Output as _sage_v1_JobView__Output } from '../../sage/v1/JobView.ts';
import type { ListRequest as _sage_v1_ListRequest, ListRequest__Output as _sage_v1_ListRequest__Output } from '../../sage/v1/ListRequest.ts';
import type { LogLine as _sage_v1_LogLine, LogLine__Output as _sage_v1_LogLine__Output } from '../../sage/v1/LogLine.ts';
import type { LogsRequest as _sage_v1_LogsRequest, LogsRequest__Output as _sage_v1_LogsRequest__Output } from '../../sage/v1/LogsRequest.ts';
import type { ProfileRequest as _sage_v1_ProfileRequest, ProfileRequest__Output as _sage_v1_ProfileRequest__Output } from '../../sage/v1/ProfileRequest.ts';
import type { ProfileView as _sage_v1_ProfileView, ProfileView__Output as _sage_v1_ProfileView__Output } from '../../sage/v1/ProfileView.ts';
import type { RescaleRequest as _sage_v1_RescaleRequest, RescaleRequest__Output as _sage_v1_RescaleRequest__Output } from '../../sage/v1/RescaleRequest.ts';
import type { ResultBatch as _sage_v1_ResultBatch, ResultBatch__Output as _sage_v1_ResultBatch__Output } from '../../sage/v1/ResultBatch.ts';
import type { ResultsRequest as _sage_v1_ResultsRequest, ResultsRequest__Output as _sage_v1_ResultsRequest__Output } from '../../sage/v1/ResultsRequest.ts';
import type { SavepointRequest as _sage_v1_SavepointRequest, SavepointRequest__Output as _sage_v1_SavepointRequest__Output } from '../../sage/v1/SavepointRequest.ts';
import type { ServerInfoRequest as _sage_v1_ServerInfoRequest, ServerInfoRequest__Output as _sage_v1_ServerInfoRequest__Output } from '../../sage/v1/ServerInfoRequest.ts';
import type { ServerInfoView as _sage_v1_ServerInfoView, ServerInfoView__Output as _sage_v1_ServerInfoView__Output } from '../../sage/v1/ServerInfoView.ts';
import type { StopRequest as _sage_v1_StopRequest, StopRequest__Output as _sage_v1_StopRequest__Output } from '../../sage/v1/StopRequest.ts';
import type { SubmitRequest as _sage_v1_SubmitRequest, SubmitRequest__Output as _sage_v1_SubmitRequest__Output } from '../../sage/v1/SubmitRequest.ts';
import type { WatchRequest as _sage_v1_WatchRequest, WatchRequest__Output as _sage_v1_WatchRequest__Output } from '../../sage/v1/WatchRequest.ts';

export interface JobsClient extends grpc.Client {
  /**
   * Deletes ended jobs; with `force` running ones too.
   */
  Cleanup(argument: _sage_v1_CleanupRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  Cleanup(argument: _sage_v1_CleanupRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  Cleanup(argument: _sage_v1_CleanupRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  Cleanup(argument: _sage_v1_CleanupRequest, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  /**
   * Deletes ended jobs; with `force` running ones too.
   */
  cleanup(argument: _sage_v1_CleanupRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  cleanup(argument: _sage_v1_CleanupRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  cleanup(argument: _sage_v1_CleanupRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  cleanup(argument: _sage_v1_CleanupRequest, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;

  /**
   * Runs a stopped or failed job again from its last checkpoint; one that runs goes on as it is.
   */
  Continue(argument: _sage_v1_ContinueRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Continue(argument: _sage_v1_ContinueRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Continue(argument: _sage_v1_ContinueRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Continue(argument: _sage_v1_ContinueRequest, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  /**
   * Runs a stopped or failed job again from its last checkpoint; one that runs goes on as it is.
   */
  continue(argument: _sage_v1_ContinueRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  continue(argument: _sage_v1_ContinueRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  continue(argument: _sage_v1_ContinueRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  continue(argument: _sage_v1_ContinueRequest, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;

  /**
   * Takes an ended job from the list; with `force` it is stopped first. The history keeps it.
   */
  Delete(argument: _sage_v1_DeleteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Delete(argument: _sage_v1_DeleteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Delete(argument: _sage_v1_DeleteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Delete(argument: _sage_v1_DeleteRequest, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  /**
   * Takes an ended job from the list; with `force` it is stopped first. The history keeps it.
   */
  delete(argument: _sage_v1_DeleteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  delete(argument: _sage_v1_DeleteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  delete(argument: _sage_v1_DeleteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  delete(argument: _sage_v1_DeleteRequest, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;

  Get(argument: _sage_v1_JobRef, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Get(argument: _sage_v1_JobRef, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Get(argument: _sage_v1_JobRef, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Get(argument: _sage_v1_JobRef, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  get(argument: _sage_v1_JobRef, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  get(argument: _sage_v1_JobRef, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  get(argument: _sage_v1_JobRef, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  get(argument: _sage_v1_JobRef, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;

  List(argument: _sage_v1_ListRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  List(argument: _sage_v1_ListRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  List(argument: _sage_v1_ListRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  List(argument: _sage_v1_ListRequest, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  list(argument: _sage_v1_ListRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  list(argument: _sage_v1_ListRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  list(argument: _sage_v1_ListRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;
  list(argument: _sage_v1_ListRequest, callback: grpc.requestCallback<_sage_v1_JobList__Output>): grpc.ClientUnaryCall;

  /**
   * Log lines in order; with `follow` until the job has ended.
   */
  Logs(argument: _sage_v1_LogsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_LogLine__Output>;
  Logs(argument: _sage_v1_LogsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_LogLine__Output>;
  /**
   * Log lines in order; with `follow` until the job has ended.
   */
  logs(argument: _sage_v1_LogsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_LogLine__Output>;
  logs(argument: _sage_v1_LogsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_LogLine__Output>;

  /**
   * Which of these artifacts the daemon lacks.
   */
  MissingArtifacts(argument: _sage_v1_ArtifactHashes, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ArtifactHashes__Output>): grpc.ClientUnaryCall;
  MissingArtifacts(argument: _sage_v1_ArtifactHashes, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_ArtifactHashes__Output>): grpc.ClientUnaryCall;
  MissingArtifacts(argument: _sage_v1_ArtifactHashes, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ArtifactHashes__Output>): grpc.ClientUnaryCall;
  MissingArtifacts(argument: _sage_v1_ArtifactHashes, callback: grpc.requestCallback<_sage_v1_ArtifactHashes__Output>): grpc.ClientUnaryCall;
  /**
   * Which of these artifacts the daemon lacks.
   */
  missingArtifacts(argument: _sage_v1_ArtifactHashes, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ArtifactHashes__Output>): grpc.ClientUnaryCall;
  missingArtifacts(argument: _sage_v1_ArtifactHashes, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_ArtifactHashes__Output>): grpc.ClientUnaryCall;
  missingArtifacts(argument: _sage_v1_ArtifactHashes, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ArtifactHashes__Output>): grpc.ClientUnaryCall;
  missingArtifacts(argument: _sage_v1_ArtifactHashes, callback: grpc.requestCallback<_sage_v1_ArtifactHashes__Output>): grpc.ClientUnaryCall;

  /**
   * A V8 CPU profile of one worker of a running job; returns when it has been taken.
   */
  Profile(argument: _sage_v1_ProfileRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ProfileView__Output>): grpc.ClientUnaryCall;
  Profile(argument: _sage_v1_ProfileRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_ProfileView__Output>): grpc.ClientUnaryCall;
  Profile(argument: _sage_v1_ProfileRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ProfileView__Output>): grpc.ClientUnaryCall;
  Profile(argument: _sage_v1_ProfileRequest, callback: grpc.requestCallback<_sage_v1_ProfileView__Output>): grpc.ClientUnaryCall;
  /**
   * A V8 CPU profile of one worker of a running job; returns when it has been taken.
   */
  profile(argument: _sage_v1_ProfileRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ProfileView__Output>): grpc.ClientUnaryCall;
  profile(argument: _sage_v1_ProfileRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_ProfileView__Output>): grpc.ClientUnaryCall;
  profile(argument: _sage_v1_ProfileRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ProfileView__Output>): grpc.ClientUnaryCall;
  profile(argument: _sage_v1_ProfileRequest, callback: grpc.requestCallback<_sage_v1_ProfileView__Output>): grpc.ClientUnaryCall;

  /**
   * Runs a job with another parallelism, from a savepoint taken now.
   */
  Rescale(argument: _sage_v1_RescaleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Rescale(argument: _sage_v1_RescaleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Rescale(argument: _sage_v1_RescaleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Rescale(argument: _sage_v1_RescaleRequest, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  /**
   * Runs a job with another parallelism, from a savepoint taken now.
   */
  rescale(argument: _sage_v1_RescaleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  rescale(argument: _sage_v1_RescaleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  rescale(argument: _sage_v1_RescaleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  rescale(argument: _sage_v1_RescaleRequest, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;

  /**
   * Batches of one collect() operator, each once and in order per instance; credit comes with gRPC's own flow control.
   */
  Results(argument: _sage_v1_ResultsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_ResultBatch__Output>;
  Results(argument: _sage_v1_ResultsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_ResultBatch__Output>;
  /**
   * Batches of one collect() operator, each once and in order per instance; credit comes with gRPC's own flow control.
   */
  results(argument: _sage_v1_ResultsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_ResultBatch__Output>;
  results(argument: _sage_v1_ResultsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_ResultBatch__Output>;

  /**
   * Takes a savepoint of a running job, which goes on; returns when it is on disk.
   */
  Savepoint(argument: _sage_v1_SavepointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_CheckpointView__Output>): grpc.ClientUnaryCall;
  Savepoint(argument: _sage_v1_SavepointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_CheckpointView__Output>): grpc.ClientUnaryCall;
  Savepoint(argument: _sage_v1_SavepointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_CheckpointView__Output>): grpc.ClientUnaryCall;
  Savepoint(argument: _sage_v1_SavepointRequest, callback: grpc.requestCallback<_sage_v1_CheckpointView__Output>): grpc.ClientUnaryCall;
  /**
   * Takes a savepoint of a running job, which goes on; returns when it is on disk.
   */
  savepoint(argument: _sage_v1_SavepointRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_CheckpointView__Output>): grpc.ClientUnaryCall;
  savepoint(argument: _sage_v1_SavepointRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_CheckpointView__Output>): grpc.ClientUnaryCall;
  savepoint(argument: _sage_v1_SavepointRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_CheckpointView__Output>): grpc.ClientUnaryCall;
  savepoint(argument: _sage_v1_SavepointRequest, callback: grpc.requestCallback<_sage_v1_CheckpointView__Output>): grpc.ClientUnaryCall;

  ServerInfo(argument: _sage_v1_ServerInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ServerInfoView__Output>): grpc.ClientUnaryCall;
  ServerInfo(argument: _sage_v1_ServerInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_ServerInfoView__Output>): grpc.ClientUnaryCall;
  ServerInfo(argument: _sage_v1_ServerInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ServerInfoView__Output>): grpc.ClientUnaryCall;
  ServerInfo(argument: _sage_v1_ServerInfoRequest, callback: grpc.requestCallback<_sage_v1_ServerInfoView__Output>): grpc.ClientUnaryCall;
  serverInfo(argument: _sage_v1_ServerInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ServerInfoView__Output>): grpc.ClientUnaryCall;
  serverInfo(argument: _sage_v1_ServerInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_ServerInfoView__Output>): grpc.ClientUnaryCall;
  serverInfo(argument: _sage_v1_ServerInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ServerInfoView__Output>): grpc.ClientUnaryCall;
  serverInfo(argument: _sage_v1_ServerInfoRequest, callback: grpc.requestCallback<_sage_v1_ServerInfoView__Output>): grpc.ClientUnaryCall;

  /**
   * Pauses a job: takes a savepoint and frees its workers, which are gone when the job has reached `stopped`.
   */
  Stop(argument: _sage_v1_StopRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Stop(argument: _sage_v1_StopRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Stop(argument: _sage_v1_StopRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Stop(argument: _sage_v1_StopRequest, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  /**
   * Pauses a job: takes a savepoint and frees its workers, which are gone when the job has reached `stopped`.
   */
  stop(argument: _sage_v1_StopRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  stop(argument: _sage_v1_StopRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  stop(argument: _sage_v1_StopRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  stop(argument: _sage_v1_StopRequest, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;

  /**
   * Accepts a job. Repeating it with the same id gives the same job; another content under that id is ALREADY_EXISTS.
   */
  Submit(argument: _sage_v1_SubmitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Submit(argument: _sage_v1_SubmitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Submit(argument: _sage_v1_SubmitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  Submit(argument: _sage_v1_SubmitRequest, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  /**
   * Accepts a job. Repeating it with the same id gives the same job; another content under that id is ALREADY_EXISTS.
   */
  submit(argument: _sage_v1_SubmitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  submit(argument: _sage_v1_SubmitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  submit(argument: _sage_v1_SubmitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;
  submit(argument: _sage_v1_SubmitRequest, callback: grpc.requestCallback<_sage_v1_JobView__Output>): grpc.ClientUnaryCall;

  /**
   * First message: the artifact's hash and size; then its bytes in chunks of at most 1 MiB.
   */
  UploadArtifact(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ArtifactReceipt__Output>): grpc.ClientWritableStream<_sage_v1_ArtifactChunk>;
  UploadArtifact(metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_ArtifactReceipt__Output>): grpc.ClientWritableStream<_sage_v1_ArtifactChunk>;
  UploadArtifact(options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ArtifactReceipt__Output>): grpc.ClientWritableStream<_sage_v1_ArtifactChunk>;
  UploadArtifact(callback: grpc.requestCallback<_sage_v1_ArtifactReceipt__Output>): grpc.ClientWritableStream<_sage_v1_ArtifactChunk>;
  /**
   * First message: the artifact's hash and size; then its bytes in chunks of at most 1 MiB.
   */
  uploadArtifact(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ArtifactReceipt__Output>): grpc.ClientWritableStream<_sage_v1_ArtifactChunk>;
  uploadArtifact(metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_ArtifactReceipt__Output>): grpc.ClientWritableStream<_sage_v1_ArtifactChunk>;
  uploadArtifact(options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_ArtifactReceipt__Output>): grpc.ClientWritableStream<_sage_v1_ArtifactChunk>;
  uploadArtifact(callback: grpc.requestCallback<_sage_v1_ArtifactReceipt__Output>): grpc.ClientWritableStream<_sage_v1_ArtifactChunk>;

  /**
   * The job now, then whenever it changes or its numbers do (at most every `min_interval_ms`); ends when the job has
   * ended and everything it held is gone. A slow reader is sent the newest.
   */
  Watch(argument: _sage_v1_WatchRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_JobView__Output>;
  Watch(argument: _sage_v1_WatchRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_JobView__Output>;
  /**
   * The job now, then whenever it changes or its numbers do (at most every `min_interval_ms`); ends when the job has
   * ended and everything it held is gone. A slow reader is sent the newest.
   */
  watch(argument: _sage_v1_WatchRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_JobView__Output>;
  watch(argument: _sage_v1_WatchRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_JobView__Output>;

}

export interface JobsHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Deletes ended jobs; with `force` running ones too.
   */
  Cleanup: grpc.handleUnaryCall<_sage_v1_CleanupRequest__Output, _sage_v1_JobList>;

  /**
   * Runs a stopped or failed job again from its last checkpoint; one that runs goes on as it is.
   */
  Continue: grpc.handleUnaryCall<_sage_v1_ContinueRequest__Output, _sage_v1_JobView>;

  /**
   * Takes an ended job from the list; with `force` it is stopped first. The history keeps it.
   */
  Delete: grpc.handleUnaryCall<_sage_v1_DeleteRequest__Output, _sage_v1_JobView>;

  Get: grpc.handleUnaryCall<_sage_v1_JobRef__Output, _sage_v1_JobView>;

  List: grpc.handleUnaryCall<_sage_v1_ListRequest__Output, _sage_v1_JobList>;

  /**
   * Log lines in order; with `follow` until the job has ended.
   */
  Logs: grpc.handleServerStreamingCall<_sage_v1_LogsRequest__Output, _sage_v1_LogLine>;

  /**
   * Which of these artifacts the daemon lacks.
   */
  MissingArtifacts: grpc.handleUnaryCall<_sage_v1_ArtifactHashes__Output, _sage_v1_ArtifactHashes>;

  /**
   * A V8 CPU profile of one worker of a running job; returns when it has been taken.
   */
  Profile: grpc.handleUnaryCall<_sage_v1_ProfileRequest__Output, _sage_v1_ProfileView>;

  /**
   * Runs a job with another parallelism, from a savepoint taken now.
   */
  Rescale: grpc.handleUnaryCall<_sage_v1_RescaleRequest__Output, _sage_v1_JobView>;

  /**
   * Batches of one collect() operator, each once and in order per instance; credit comes with gRPC's own flow control.
   */
  Results: grpc.handleServerStreamingCall<_sage_v1_ResultsRequest__Output, _sage_v1_ResultBatch>;

  /**
   * Takes a savepoint of a running job, which goes on; returns when it is on disk.
   */
  Savepoint: grpc.handleUnaryCall<_sage_v1_SavepointRequest__Output, _sage_v1_CheckpointView>;

  ServerInfo: grpc.handleUnaryCall<_sage_v1_ServerInfoRequest__Output, _sage_v1_ServerInfoView>;

  /**
   * Pauses a job: takes a savepoint and frees its workers, which are gone when the job has reached `stopped`.
   */
  Stop: grpc.handleUnaryCall<_sage_v1_StopRequest__Output, _sage_v1_JobView>;

  /**
   * Accepts a job. Repeating it with the same id gives the same job; another content under that id is ALREADY_EXISTS.
   */
  Submit: grpc.handleUnaryCall<_sage_v1_SubmitRequest__Output, _sage_v1_JobView>;

  /**
   * First message: the artifact's hash and size; then its bytes in chunks of at most 1 MiB.
   */
  UploadArtifact: grpc.handleClientStreamingCall<_sage_v1_ArtifactChunk__Output, _sage_v1_ArtifactReceipt>;

  /**
   * The job now, then whenever it changes or its numbers do (at most every `min_interval_ms`); ends when the job has
   * ended and everything it held is gone. A slow reader is sent the newest.
   */
  Watch: grpc.handleServerStreamingCall<_sage_v1_WatchRequest__Output, _sage_v1_JobView>;

}

export interface JobsDefinition extends grpc.ServiceDefinition {
  Cleanup: MethodDefinition<_sage_v1_CleanupRequest, _sage_v1_JobList, _sage_v1_CleanupRequest__Output, _sage_v1_JobList__Output>
  Continue: MethodDefinition<_sage_v1_ContinueRequest, _sage_v1_JobView, _sage_v1_ContinueRequest__Output, _sage_v1_JobView__Output>
  Delete: MethodDefinition<_sage_v1_DeleteRequest, _sage_v1_JobView, _sage_v1_DeleteRequest__Output, _sage_v1_JobView__Output>
  Get: MethodDefinition<_sage_v1_JobRef, _sage_v1_JobView, _sage_v1_JobRef__Output, _sage_v1_JobView__Output>
  List: MethodDefinition<_sage_v1_ListRequest, _sage_v1_JobList, _sage_v1_ListRequest__Output, _sage_v1_JobList__Output>
  Logs: MethodDefinition<_sage_v1_LogsRequest, _sage_v1_LogLine, _sage_v1_LogsRequest__Output, _sage_v1_LogLine__Output>
  MissingArtifacts: MethodDefinition<_sage_v1_ArtifactHashes, _sage_v1_ArtifactHashes, _sage_v1_ArtifactHashes__Output, _sage_v1_ArtifactHashes__Output>
  Profile: MethodDefinition<_sage_v1_ProfileRequest, _sage_v1_ProfileView, _sage_v1_ProfileRequest__Output, _sage_v1_ProfileView__Output>
  Rescale: MethodDefinition<_sage_v1_RescaleRequest, _sage_v1_JobView, _sage_v1_RescaleRequest__Output, _sage_v1_JobView__Output>
  Results: MethodDefinition<_sage_v1_ResultsRequest, _sage_v1_ResultBatch, _sage_v1_ResultsRequest__Output, _sage_v1_ResultBatch__Output>
  Savepoint: MethodDefinition<_sage_v1_SavepointRequest, _sage_v1_CheckpointView, _sage_v1_SavepointRequest__Output, _sage_v1_CheckpointView__Output>
  ServerInfo: MethodDefinition<_sage_v1_ServerInfoRequest, _sage_v1_ServerInfoView, _sage_v1_ServerInfoRequest__Output, _sage_v1_ServerInfoView__Output>
  Stop: MethodDefinition<_sage_v1_StopRequest, _sage_v1_JobView, _sage_v1_StopRequest__Output, _sage_v1_JobView__Output>
  Submit: MethodDefinition<_sage_v1_SubmitRequest, _sage_v1_JobView, _sage_v1_SubmitRequest__Output, _sage_v1_JobView__Output>
  UploadArtifact: MethodDefinition<_sage_v1_ArtifactChunk, _sage_v1_ArtifactReceipt, _sage_v1_ArtifactChunk__Output, _sage_v1_ArtifactReceipt__Output>
  Watch: MethodDefinition<_sage_v1_WatchRequest, _sage_v1_JobView, _sage_v1_WatchRequest__Output, _sage_v1_JobView__Output>
}
