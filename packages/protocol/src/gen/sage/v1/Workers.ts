// Original file: proto/sage/v1/workers.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DaemonMessage as _sage_v1_DaemonMessage, DaemonMessage__Output as _sage_v1_DaemonMessage__Output } from '../../sage/v1/DaemonMessage.ts';
import type { WorkerMessage as _sage_v1_WorkerMessage, WorkerMessage__Output as _sage_v1_WorkerMessage__Output } from '../../sage/v1/WorkerMessage.ts';

export interface WorkersClient extends grpc.Client {
  Attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage__Output>;
  Attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage__Output>;
  attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage__Output>;
  attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage__Output>;

}

export interface WorkersHandlers extends grpc.UntypedServiceImplementation {
  Attach: grpc.handleBidiStreamingCall<_sage_v1_WorkerMessage__Output, _sage_v1_DaemonMessage>;

}

export interface WorkersDefinition extends grpc.ServiceDefinition {
  Attach: MethodDefinition<_sage_v1_WorkerMessage, _sage_v1_DaemonMessage, _sage_v1_WorkerMessage__Output, _sage_v1_DaemonMessage__Output>
}
