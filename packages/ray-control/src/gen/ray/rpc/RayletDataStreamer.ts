// Original file: proto/ray/ray_client.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DataRequest as _ray_rpc_DataRequest, DataRequest__Output as _ray_rpc_DataRequest__Output } from '../../ray/rpc/DataRequest.ts';
import type { DataResponse as _ray_rpc_DataResponse, DataResponse__Output as _ray_rpc_DataResponse__Output } from '../../ray/rpc/DataResponse.ts';

export interface RayletDataStreamerClient extends grpc.Client {
  Datapath(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ray_rpc_DataRequest, _ray_rpc_DataResponse__Output>;
  Datapath(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ray_rpc_DataRequest, _ray_rpc_DataResponse__Output>;
  datapath(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_ray_rpc_DataRequest, _ray_rpc_DataResponse__Output>;
  datapath(options?: grpc.CallOptions): grpc.ClientDuplexStream<_ray_rpc_DataRequest, _ray_rpc_DataResponse__Output>;

}

export interface RayletDataStreamerHandlers extends grpc.UntypedServiceImplementation {
  Datapath: grpc.handleBidiStreamingCall<_ray_rpc_DataRequest__Output, _ray_rpc_DataResponse>;

}

export interface RayletDataStreamerDefinition extends grpc.ServiceDefinition {
  Datapath: MethodDefinition<_ray_rpc_DataRequest, _ray_rpc_DataResponse, _ray_rpc_DataRequest__Output, _ray_rpc_DataResponse__Output>
}
