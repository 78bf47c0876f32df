// Original file: proto/sage/v1/workers.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DaemonMessage as _sage_v1_DaemonMessage, DaemonMessage__Output as _sage_v1_DaemonMessage__Output } from '../../sage/v1/DaemonMessage.ts';
import type { StateChunk as _sage_v1_StateChunk, StateChunk__Output as _sage_v1_StateChunk__Output } from '../../sage/v1/StateChunk.ts';
import type { StateReceipt as _sage_v1_StateReceipt, StateReceipt__Output as _sage_v1_StateReceipt__Output } from '../../sage/v1/StateReceipt.ts';
import type { StateRequest as _sage_v1_StateRequest, StateRequest__Output as _sage_v1_StateRequest__Output } from '../../sage/v1/StateRequest.ts';
import type { WorkerMessage as _sage_v1_WorkerMessage, WorkerMessage__Output as _sage_v1_WorkerMessage__Output } from '../../sage/v1/WorkerMessage.ts';

export interface WorkersClient extends grpc.Client {
  Attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage__Output>;
  Attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage__Output>;
  attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage__Output>;
  attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage__Output>;

  /**
   * The bytes of one state file that Restore names, for the same workers.
   */
  StateDownload(argument: _sage_v1_StateRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_StateChunk__Output>;
  StateDownload(argument: _sage_v1_StateRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_StateChunk__Output>;
  /**
   * The bytes of one state file that Restore names, for the same workers.
   */
  stateDownload(argument: _sage_v1_StateRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_StateChunk__Output>;
  stateDownload(argument: _sage_v1_StateRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_sage_v1_StateChunk__Output>;

  /**
   * For workers that do not see the staging folder. First message: who sends which file; then its bytes in chunks of at most 1 MiB.
   */
  StateUpload(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  StateUpload(metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  StateUpload(options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  StateUpload(callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  /**
   * For workers that do not see the staging folder. First message: who sends which file; then its bytes in chunks of at most 1 MiB.
   */
  stateUpload(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  stateUpload(metadata: grpc.Metadata, callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  stateUpload(options: grpc.CallOptions, callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;
  stateUpload(callback: grpc.requestCallback<_sage_v1_StateReceipt__Output>): grpc.ClientWritableStream<_sage_v1_StateChunk>;

}

export interface WorkersHandlers extends grpc.UntypedServiceImplementation {
  Attach: grpc.handleBidiStreamingCall<_sage_v1_WorkerMessage__Output, _sage_v1_DaemonMessage>;

  /**
   * The bytes of one state file that Restore names, for the same workers.
   */
  StateDownload: grpc.handleServerStreamingCall<_sage_v1_StateRequest__Output, _sage_v1_StateChunk>;

  /**
   * For workers that do not see the staging folder. First message: who sends which file; then its bytes in chunks of at most 1 MiB.
   */
  StateUpload: grpc.handleClientStreamingCall<_sage_v1_StateChunk__Output, _sage_v1_StateReceipt>;

}

export interface WorkersDefinition extends grpc.ServiceDefinition {
  Attach: MethodDefinition<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage, _sage_v1_WorkerMessage__Output, _sage_v1_DaemonMessage__Output>
  StateDownload: MethodDefinition<_sage_v1_StateRequest, _sage_v1_StateChunk, _sage_v1_StateRequest__Output, _sage_v1_StateChunk__Output>
  StateUpload: MethodDefinition<_sage_v1_StateChunk, _sage_v1_StateReceipt, _sage_v1_StateChunk__Output, _sage_v1_StateReceipt__Output>
}
