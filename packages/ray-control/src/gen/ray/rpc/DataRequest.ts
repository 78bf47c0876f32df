// Original file: proto/ray/ray_client.proto

import type { GetRequest as _ray_rpc_GetRequest, GetRequest__Output as _ray_rpc_GetRequest__Output } from '../../ray/rpc/GetRequest.ts';
import type { PutRequest as _ray_rpc_PutRequest, PutRequest__Output as _ray_rpc_PutRequest__Output } from '../../ray/rpc/PutRequest.ts';
import type { ReleaseRequest as _ray_rpc_ReleaseRequest, ReleaseRequest__Output as _ray_rpc_ReleaseRequest__Output } from '../../ray/rpc/ReleaseRequest.ts';
import type { ConnectionInfoRequest as _ray_rpc_ConnectionInfoRequest, ConnectionInfoRequest__Output as _ray_rpc_ConnectionInfoRequest__Output } from '../../ray/rpc/ConnectionInfoRequest.ts';
import type { InitRequest as _ray_rpc_InitRequest, InitRequest__Output as _ray_rpc_InitRequest__Output } from '../../ray/rpc/InitRequest.ts';
import type { PrepRuntimeEnvRequest as _ray_rpc_PrepRuntimeEnvRequest, PrepRuntimeEnvRequest__Output as _ray_rpc_PrepRuntimeEnvRequest__Output } from '../../ray/rpc/PrepRuntimeEnvRequest.ts';
import type { ConnectionCleanupRequest as _ray_rpc_ConnectionCleanupRequest, ConnectionCleanupRequest__Output as _ray_rpc_ConnectionCleanupRequest__Output } from '../../ray/rpc/ConnectionCleanupRequest.ts';
import type { AcknowledgeRequest as _ray_rpc_AcknowledgeRequest, AcknowledgeRequest__Output as _ray_rpc_AcknowledgeRequest__Output } from '../../ray/rpc/AcknowledgeRequest.ts';
import type { ClientTask as _ray_rpc_ClientTask, ClientTask__Output as _ray_rpc_ClientTask__Output } from '../../ray/rpc/ClientTask.ts';
import type { TerminateRequest as _ray_rpc_TerminateRequest, TerminateRequest__Output as _ray_rpc_TerminateRequest__Output } from '../../ray/rpc/TerminateRequest.ts';
import type { ClientListNamedActorsRequest as _ray_rpc_ClientListNamedActorsRequest, ClientListNamedActorsRequest__Output as _ray_rpc_ClientListNamedActorsRequest__Output } from '../../ray/rpc/ClientListNamedActorsRequest.ts';

export interface DataRequest {
  'reqId'?: (number);
  'get'?: (_ray_rpc_GetRequest | null);
  'put'?: (_ray_rpc_PutRequest | null);
  'release'?: (_ray_rpc_ReleaseRequest | null);
  'connectionInfo'?: (_ray_rpc_ConnectionInfoRequest | null);
  'init'?: (_ray_rpc_InitRequest | null);
  'prepRuntimeEnv'?: (_ray_rpc_PrepRuntimeEnvRequest | null);
  'connectionCleanup'?: (_ray_rpc_ConnectionCleanupRequest | null);
  'acknowledge'?: (_ray_rpc_AcknowledgeRequest | null);
  'task'?: (_ray_rpc_ClientTask | null);
  'terminate'?: (_ray_rpc_TerminateRequest | null);
  'listNamedActors'?: (_ray_rpc_ClientListNamedActorsRequest | null);
  'type'?: "get"|"put"|"release"|"connectionInfo"|"init"|"prepRuntimeEnv"|"connectionCleanup"|"acknowledge"|"task"|"terminate"|"listNamedActors";
}

export interface DataRequest__Output {
  'reqId': (number);
  'get'?: (_ray_rpc_GetRequest__Output | null);
  'put'?: (_ray_rpc_PutRequest__Output | null);
  'release'?: (_ray_rpc_ReleaseRequest__Output | null);
  'connectionInfo'?: (_ray_rpc_ConnectionInfoRequest__Output | null);
  'init'?: (_ray_rpc_InitRequest__Output | null);
  'prepRuntimeEnv'?: (_ray_rpc_PrepRuntimeEnvRequest__Output | null);
  'connectionCleanup'?: (_ray_rpc_ConnectionCleanupRequest__Output | null);
  'acknowledge'?: (_ray_rpc_AcknowledgeRequest__Output | null);
  'task'?: (_ray_rpc_ClientTask__Output | null);
  'terminate'?: (_ray_rpc_TerminateRequest__Output | null);
  'listNamedActors'?: (_ray_rpc_ClientListNamedActorsRequest__Output | null);
  'type'?: "get"|"put"|"release"|"connectionInfo"|"init"|"prepRuntimeEnv"|"connectionCleanup"|"acknowledge"|"task"|"terminate"|"listNamedActors";
}
