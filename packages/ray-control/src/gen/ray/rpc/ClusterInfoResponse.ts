// Original file: proto/ray/ray_client.proto

import type { _ray_rpc_ClusterInfoType_TypeEnum, _ray_rpc_ClusterInfoType_TypeEnum__Output } from '../../ray/rpc/ClusterInfoType.ts';

export interface _ray_rpc_ClusterInfoResponse_ResourceTable {
  'table'?: ({[key: string]: number | string});
}

export interface _ray_rpc_ClusterInfoResponse_ResourceTable__Output {
  'table': ({[key: string]: number});
}

export interface _ray_rpc_ClusterInfoResponse_RuntimeContext {
  'jobId'?: (Buffer | Uint8Array | string);
  'nodeId'?: (Buffer | Uint8Array | string);
  'namespace'?: (string);
  'runtimeEnv'?: (string);
  'captureClientTasks'?: (boolean);
  'gcsAddress'?: (string);
  'sessionName'?: (string);
  'workerId'?: (Buffer | Uint8Array | string);
}

export interface _ray_rpc_ClusterInfoResponse_RuntimeContext__Output {
  'jobId': (Buffer);
  'nodeId': (Buffer);
  'namespace': (string);
  'runtimeEnv': (string);
  'captureClientTasks': (boolean);
  'gcsAddress': (string);
  'sessionName': (string);
  'workerId': (Buffer);
}

export interface ClusterInfoResponse {
  'type'?: (_ray_rpc_ClusterInfoType_TypeEnum);
  'json'?: (string);
  'resourceTable'?: (_ray_rpc_ClusterInfoResponse_ResourceTable | null);
  'runtimeContext'?: (_ray_rpc_ClusterInfoResponse_RuntimeContext | null);
  'responseType'?: "json"|"resourceTable"|"runtimeContext";
}

export interface ClusterInfoResponse__Output {
  'type': (_ray_rpc_ClusterInfoType_TypeEnum__Output);
  'json'?: (string);
  'resourceTable'?: (_ray_rpc_ClusterInfoResponse_ResourceTable__Output | null);
  'runtimeContext'?: (_ray_rpc_ClusterInfoResponse_RuntimeContext__Output | null);
  'responseType'?: "json"|"resourceTable"|"runtimeContext";
}
