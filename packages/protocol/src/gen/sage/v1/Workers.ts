// Original file: proto/sage/v1/workers.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DaemonMessage as _sage_v1_DaemonMessage, DaemonMessage__Output as _sage_v1_DaemonMessage__Output } from '../../sage/v1/DaemonMessage.ts';
import type { PulseReply as _sage_v1_PulseReply, PulseReply__Output as _sage_v1_PulseReply__Output } from '../../sage/v1/PulseReply.ts';
import type { PulseRequest as _sage_v1_PulseRequest, PulseRequest__Output as _sage_v1_PulseRequest__Output } from '../../sage/v1/PulseRequest.ts';
import type { RayFrame as _sage_v1_RayFrame, RayFrame__Output as _sage_v1_RayFrame__Output } from '../../sage/v1/RayFrame.ts';
import type { StateChunk as _sage_v1_StateChunk, StateChunk__Output as _sage_v1_StateChunk__Output } from '../../sage/v1/StateChunk.ts';
import type { StateReceipt as _sage_v1_StateReceipt, StateReceipt__Output as _sage_v1_StateReceipt__Output } from '../../sage/v1/StateReceipt.ts';
import type { StateRequest as _sage_v1_StateRequest, StateRequest__Output as _sage_v1_StateRequest__Output } from '../../sage/v1/StateRequest.ts';
import type { WorkerMessage as _sage_v1_WorkerMessage, WorkerMessage__Output as _sage_v1_WorkerMessage__Output } from '../../sage/v1/WorkerMessage.ts';

export interface WorkersClient extends grpc.Client {
  /**
   * The bytes of a file that Deploy names by its hash: bundle, source map, records.
   */
  ArtifactDownload(argument: _sage_v1_StateRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_StateChunk__Output>;
  ArtifactDownload(argument: _sage_v1_StateRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_StateChunk__Output>;
  /**
   * The bytes of a file that Deploy names by its hash: bundle, source map, records.
   */
  artifactDownload(argument: _sage_v1_StateRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_StateChunk__Output>;
  artifactDownload(argument: _sage_v1_StateRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_StateChunk__Output>;

  Attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage__Output>;
  Attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage__Output>;
  attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage__Output>;
  attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage__Output>;

  /**
   * For the driver that runs on a Ray cluster as a Ray Job, where only Ray's dashboard can be reached: it dials the daemon,
   * proves itself, and obeys. What the frames say is the matter of ray-control/src/job-driver.
   */
  DriveRay(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_RayFrame, _sage_v1_RayFrame__Output>;
  DriveRay(options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_RayFrame, _sage_v1_RayFrame__Output>;
  /**
   * For the driver that runs on a Ray cluster as a Ray Job, where only Ray's dashboard can be reached: it dials the daemon,
   * proves itself, and obeys. What the frames say is the matter of ray-control/src/job-driver.
   */
  driveRay(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_RayFrame, _sage_v1_RayFrame__Output>;
  driveRay(options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_RayFrame, _sage_v1_RayFrame__Output>;

  /**
   * Said by another thread of a worker whose event loop is blocked: it is alive, and what blocks it.
   */
  Pulse(argument: _sage_v1_PulseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_PulseReply__Output>): grpc.ClientUnaryCall;
  Pulse(argument: _sage_v1_PulseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_PulseReply__Output>): grpc.ClientUnaryCall;
  Pulse(argument: _sage_v1_PulseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_PulseReply__Output>): grpc.ClientUnaryCall;
  Pulse(argument: _sage_v1_PulseRequest, callback: grpc.requestCallback<_sage_v1_PulseReply__Output>): grpc.ClientUnaryCall;
  /**
   * Said by another thread of a worker whose event loop is blocked: it is alive, and what blocks it.
   */
  pulse(argument: _sage_v1_PulseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_PulseReply__Output>): grpc.ClientUnaryCall;
  pulse(argument: _sage_v1_PulseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_PulseReply__Output>): grpc.ClientUnaryCall;
  pulse(argument: _sage_v1_PulseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_PulseReply__Output>): grpc.ClientUnaryCall;
  pulse(argument: _sage_v1_PulseRequest, callback: grpc.requestCallback<_sage_v1_PulseReply__Output>): grpc.ClientUnaryCall;

  /**
   * The bytes of one state file that Restore names.
   */
  StateDownload(argument: _sage_v1_StateRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_StateChunk__Output>;
  StateDownload(argument: _sage_v1_StateRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_StateChunk__Output>;
  /**
   * The bytes of one state file that Restore names.
   */
  stateDownload(argument: _sage_v1_StateRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_StateChunk__Output>;
  stateDownload(argument: _sage_v1_StateRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_StateChunk__Output>;

  /**
   * The rest is for workers that share no disk with the daemon (`sharesDisk` of their boot line): they take no path of
   * Deploy as one of their host, but fetch and send files by hash, in chunks of at most 1 MiB.
   *
   * First message: who sends which file, of the checkpoint that is being taken; then its bytes. The receipt says that
   * they are in the staging folder, and on disk.
   */
  StateUpload(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  StateUpload(metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  StateUpload(options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  StateUpload(callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  /**
   * The rest is for workers that share no disk with the daemon (`sharesDisk` of their boot line): they take no path of
   * Deploy as one of their host, but fetch and send files by hash, in chunks of at most 1 MiB.
   *
   * First message: who sends which file, of the checkpoint that is being taken; then its bytes. The receipt says that
   * they are in the staging folder, and on disk.
   */
  stateUpload(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  stateUpload(metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  stateUpload(options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  stateUpload(callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;

}

export interface WorkersHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The bytes of a file that Deploy names by its hash: bundle, source map, records.
   */
  ArtifactDownload: grpc.handleServerStreamingCall<_sage_v1_StateRequest__Output, _sage_v1_StateChunk>;

  Attach: grpc.handleBidiStreamingCall<_sage_v1_WorkerMessage__Output, _sage_v1_DaemonMessage>;

  /**
   * For the driver that runs on a Ray cluster as a Ray Job, where only Ray's dashboard can be reached: it dials the daemon,
   * proves itself, and obeys. What the frames say is the matter of ray-control/src/job-driver.
   */
  DriveRay: grpc.handleBidiStreamingCall<_sage_v1_RayFrame__Output, _sage_v1_RayFrame>;

  /**
   * Said by another thread of a worker whose event loop is blocked: it is alive, and what blocks it.
   */
  Pulse: grpc.handleUnaryCall<_sage_v1_PulseRequest__Output, _sage_v1_PulseReply>;

  /**
   * The bytes of one state file that Restore names.
   */
  StateDownload: grpc.handleServerStreamingCall<_sage_v1_StateRequest__Output, _sage_v1_StateChunk>;

  /**
   * The rest is for workers that share no disk with the daemon (`sharesDisk` of their boot line): they take no path of
   * Deploy as one of their host, but fetch and send files by hash, in chunks of at most 1 MiB.
   *
   * First message: who sends which file, of the checkpoint that is being taken; then its bytes. The receipt says that
   * they are in the staging folder, and on disk.
   */
  StateUpload: grpc.handleClientStreamingCall<_sage_v1_StateChunk__Output, _sage_v1_StateReceipt>;

}

export interface WorkersDefinition extends grpc.ServiceDefinition {
  ArtifactDownload: MethodDefinition<_sage_v1_StateRequest, _sage_v1_StateChunk, _sage_v1_StateRequest__Output, _sage_v1_StateChunk__Output>
  Attach: MethodDefinition<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage, _sage_v1_WorkerMessage__Output, _sage_v1_DaemonMessage__Output>
  DriveRay: MethodDefinition<_sage_v1_RayFrame, _sage_v1_RayFrame, _sage_v1_RayFrame__Output, _sage_v1_RayFrame__Output>
  Pulse: MethodDefinition<_sage_v1_PulseRequest, _sage_v1_PulseReply, _sage_v1_PulseRequest__Output, _sage_v1_PulseReply__Output>
  StateDownload: MethodDefinition<_sage_v1_StateRequest, _sage_v1_StateChunk, _sage_v1_StateRequest__Output, _sage_v1_StateChunk__Output>
  StateUpload: MethodDefinition<_sage_v1_StateChunk, _sage_v1_StateReceipt, _sage_v1_StateChunk__Output, _sage_v1_StateReceipt__Output>
}
