// Original file: proto/ray/ray_client.proto

import type { GetResponse as _ray_rpc_GetResponse, GetResponse__Output as _ray_rpc_GetResponse__Output } from '../../ray/rpc/GetResponse.ts';
import type { PutResponse as _ray_rpc_PutResponse, PutResponse__Output as _ray_rpc_PutResponse__Output } from '../../ray/rpc/PutResponse.ts';
import type { ReleaseResponse as _ray_rpc_ReleaseResponse, ReleaseResponse__Output as _ray_rpc_ReleaseResponse__Output } from '../../ray/rpc/ReleaseResponse.ts';
import type { ConnectionInfoResponse as _ray_rpc_ConnectionInfoResponse, ConnectionInfoResponse__Output as _ray_rpc_ConnectionInfoResponse__Output } from '../../ray/rpc/ConnectionInfoResponse.ts';
import type { InitResponse as _ray_rpc_InitResponse, InitResponse__Output as _ray_rpc_InitResponse__Output } from '../../ray/rpc/InitResponse.ts';
import type { PrepRuntimeEnvResponse as _ray_rpc_PrepRuntimeEnvResponse, PrepRuntimeEnvResponse__Output as _ray_rpc_PrepRuntimeEnvResponse__Output } from '../../ray/rpc/PrepRuntimeEnvResponse.ts';
import type { ConnectionCleanupResponse as _ray_rpc_ConnectionCleanupResponse, ConnectionCleanupResponse__Output as _ray_rpc_ConnectionCleanupResponse__Output } from '../../ray/rpc/ConnectionCleanupResponse.ts';
import type { ClientTaskTicket as _ray_rpc_ClientTaskTicket, ClientTaskTicket__Output as _ray_rpc_ClientTaskTicket__Output } from '../../ray/rpc/ClientTaskTicket.ts';
import type { TerminateResponse as _ray_rpc_TerminateResponse, TerminateResponse__Output as _ray_rpc_TerminateResponse__Output } from '../../ray/rpc/TerminateResponse.ts';
import type { ClientListNamedActorsResponse as _ray_rpc_ClientListNamedActorsResponse, ClientListNamedActorsResponse__Output as _ray_rpc_ClientListNamedActorsResponse__Output } from '../../ray/rpc/ClientListNamedActorsResponse.ts';

export interface DataResponse {
  'reqId'?: (number);
  'get'?: (_ray_rpc_GetResponse | null);
  'put'?: (_ray_rpc_PutResponse | null);
  'release'?: (_ray_rpc_ReleaseResponse | null);
  'connectionInfo'?: (_ray_rpc_ConnectionInfoResponse | null);
  'init'?: (_ray_rpc_InitResponse | null);
  'prepRuntimeEnv'?: (_ray_rpc_PrepRuntimeEnvResponse | null);
  'connectionCleanup'?: (_ray_rpc_ConnectionCleanupResponse | null);
  'taskTicket'?: (_ray_rpc_ClientTaskTicket | null);
  'terminate'?: (_ray_rpc_TerminateResponse | null);
  'listNamedActors'?: (_ray_rpc_ClientListNamedActorsResponse | null);
  'type'?: "get"|"put"|"release"|"connectionInfo"|"init"|"prepRuntimeEnv"|"connectionCleanup"|"taskTicket"|"terminate"|"listNamedActors";
}

export interface DataResponse__Output {
  'reqId': (number);
  'get'?: (_ray_rpc_GetResponse__Output | null);
  'put'?: (_ray_rpc_PutResponse__Output | null);
  'release'?: (_ray_rpc_ReleaseResponse__Output | null);
  'connectionInfo'?: (_ray_rpc_ConnectionInfoResponse__Output | null);
  'init'?: (_ray_rpc_InitResponse__Output | null);
  'prepRuntimeEnv'?: (_ray_rpc_PrepRuntimeEnvResponse__Output | null);
  'connectionCleanup'?: (_ray_rpc_ConnectionCleanupResponse__Output | null);
  'taskTicket'?: (_ray_rpc_ClientTaskTicket__Output | null);
  'terminate'?: (_ray_rpc_TerminateResponse__Output | null);
  'listNamedActors'?: (_ray_rpc_ClientListNamedActorsResponse__Output | null);
  'type'?: "get"|"put"|"release"|"connectionInfo"|"init"|"prepRuntimeEnv"|"connectionCleanup"|"taskTicket"|"terminate"|"listNamedActors";
}
