// Original file: proto/ray/ray_client.proto

import type { Arg as _ray_rpc_Arg, Arg__Output as _ray_rpc_Arg__Output } from '../../ray/rpc/Arg.ts';
import type { TaskOptions as _ray_rpc_TaskOptions, TaskOptions__Output as _ray_rpc_TaskOptions__Output } from '../../ray/rpc/TaskOptions.ts';

// Original file: proto/ray/ray_client.proto

export const _ray_rpc_ClientTask_RemoteExecType = {
  FUNCTION: 'FUNCTION',
  ACTOR: 'ACTOR',
  METHOD: 'METHOD',
  STATIC_METHOD: 'STATIC_METHOD',
  NAMED_ACTOR: 'NAMED_ACTOR',
} as const;

export type _ray_rpc_ClientTask_RemoteExecType =
  | 'FUNCTION'
  | 0
  | 'ACTOR'
  | 1
  | 'METHOD'
  | 2
  | 'STATIC_METHOD'
  | 3
  | 'NAMED_ACTOR'
  | 4

export type _ray_rpc_ClientTask_RemoteExecType__Output = typeof _ray_rpc_ClientTask_RemoteExecType[keyof typeof _ray_rpc_ClientTask_RemoteExecType]

export interface ClientTask {
  'type'?: (_ray_rpc_ClientTask_RemoteExecType);
  'name'?: (string);
  'payloadId'?: (Buffer | Uint8Array | string);
  'args'?: (_ray_rpc_Arg)[];
  'kwargs'?: ({[key: string]: _ray_rpc_Arg});
  'clientId'?: (string);
  'options'?: (_ray_rpc_TaskOptions | null);
  'baselineOptions'?: (_ray_rpc_TaskOptions | null);
  'namespace'?: (string);
  'data'?: (Buffer | Uint8Array | string);
  'chunkId'?: (number);
  'totalChunks'?: (number);
}

export interface ClientTask__Output {
  'type': (_ray_rpc_ClientTask_RemoteExecType__Output);
  'name': (string);
  'payloadId': (Buffer);
  'args': (_ray_rpc_Arg__Output)[];
  'kwargs': ({[key: string]: _ray_rpc_Arg__Output});
  'clientId': (string);
  'options': (_ray_rpc_TaskOptions__Output | null);
  'baselineOptions': (_ray_rpc_TaskOptions__Output | null);
  'namespace': (string);
  'data': (Buffer);
  'chunkId': (number);
  'totalChunks': (number);
}
