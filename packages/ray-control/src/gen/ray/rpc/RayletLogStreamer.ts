// Original file: proto/ray/ray_client.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { LogData as _ray_rpc_LogData, LogData__Output as _ray_rpc_LogData__Output } from '../../ray/rpc/LogData.ts';
import type { LogSettingsRequest as _ray_rpc_LogSettingsRequest, LogSettingsRequest__Output as _ray_rpc_LogSettingsRequest__Output } from '../../ray/rpc/LogSettingsRequest.ts';

export interface RayletLogStreamerClient extends grpc.Client {
  Logstream(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ray_rpc_LogSettingsRequest, _ray_rpc_LogData__Output>;
  Logstream(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ray_rpc_LogSettingsRequest, _ray_rpc_LogData__Output>;
  logstream(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ray_rpc_LogSettingsRequest, _ray_rpc_LogData__Output>;
  logstream(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ray_rpc_LogSettingsRequest, _ray_rpc_LogData__Output>;

}

export interface RayletLogStreamerHandlers extends grpc.UntypedServiceImplementation {
  Logstream: grpc.handleBidiStreamingCall<_ray_rpc_LogSettingsRequest__Output, _ray_rpc_LogData>;

}

export interface RayletLogStreamerDefinition extends grpc.ServiceDefinition {
  Logstream: MethodDefinition<_ray_rpc_LogSettingsRequest, _ray_rpc_LogData, _ray_rpc_LogSettingsRequest__Output, _ray_rpc_LogData__Output>
}
