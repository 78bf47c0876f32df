// Original file: proto/ray/ray_client.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ClientListNamedActorsRequest as _ray_rpc_ClientListNamedActorsRequest, ClientListNamedActorsRequest__Output as _ray_rpc_ClientListNamedActorsRequest__Output } from '../../ray/rpc/ClientListNamedActorsRequest.ts';
import type { ClientListNamedActorsResponse as _ray_rpc_ClientListNamedActorsResponse, ClientListNamedActorsResponse__Output as _ray_rpc_ClientListNamedActorsResponse__Output } from '../../ray/rpc/ClientListNamedActorsResponse.ts';
import type { ClientPinRuntimeEnvURIRequest as _ray_rpc_ClientPinRuntimeEnvURIRequest, ClientPinRuntimeEnvURIRequest__Output as _ray_rpc_ClientPinRuntimeEnvURIRequest__Output } from '../../ray/rpc/ClientPinRuntimeEnvURIRequest.ts';
import type { ClientPinRuntimeEnvURIResponse as _ray_rpc_ClientPinRuntimeEnvURIResponse, ClientPinRuntimeEnvURIResponse__Output as _ray_rpc_ClientPinRuntimeEnvURIResponse__Output } from '../../ray/rpc/ClientPinRuntimeEnvURIResponse.ts';
import type { ClientTask as _ray_rpc_ClientTask, ClientTask__Output as _ray_rpc_ClientTask__Output } from '../../ray/rpc/ClientTask.ts';
import type { ClientTaskTicket as _ray_rpc_ClientTaskTicket, ClientTaskTicket__Output as _ray_rpc_ClientTaskTicket__Output } from '../../ray/rpc/ClientTaskTicket.ts';
import type { ClusterInfoRequest as _ray_rpc_ClusterInfoRequest, ClusterInfoRequest__Output as _ray_rpc_ClusterInfoRequest__Output } from '../../ray/rpc/ClusterInfoRequest.ts';
import type { ClusterInfoResponse as _ray_rpc_ClusterInfoResponse, ClusterInfoResponse__Output as _ray_rpc_ClusterInfoResponse__Output } from '../../ray/rpc/ClusterInfoResponse.ts';
import type { GetRequest as _ray_rpc_GetRequest, GetRequest__Output as _ray_rpc_GetRequest__Output } from '../../ray/rpc/GetRequest.ts';
import type { GetResponse as _ray_rpc_GetResponse, GetResponse__Output as _ray_rpc_GetResponse__Output } from '../../ray/rpc/GetResponse.ts';
import type { InitRequest as _ray_rpc_InitRequest, InitRequest__Output as _ray_rpc_InitRequest__Output } from '../../ray/rpc/InitRequest.ts';
import type { InitResponse as _ray_rpc_InitResponse, InitResponse__Output as _ray_rpc_InitResponse__Output } from '../../ray/rpc/InitResponse.ts';
import type { KVDelRequest as _ray_rpc_KVDelRequest, KVDelRequest__Output as _ray_rpc_KVDelRequest__Output } from '../../ray/rpc/KVDelRequest.ts';
import type { KVDelResponse as _ray_rpc_KVDelResponse, KVDelResponse__Output as _ray_rpc_KVDelResponse__Output } from '../../ray/rpc/KVDelResponse.ts';
import type { KVExistsRequest as _ray_rpc_KVExistsRequest, KVExistsRequest__Output as _ray_rpc_KVExistsRequest__Output } from '../../ray/rpc/KVExistsRequest.ts';
import type { KVExistsResponse as _ray_rpc_KVExistsResponse, KVExistsResponse__Output as _ray_rpc_KVExistsResponse__Output } from '../../ray/rpc/KVExistsResponse.ts';
import type { KVGetRequest as _ray_rpc_KVGetRequest, KVGetRequest__Output as _ray_rpc_KVGetRequest__Output } from '../../ray/rpc/KVGetRequest.ts';
import type { KVGetResponse as _ray_rpc_KVGetResponse, KVGetResponse__Output as _ray_rpc_KVGetResponse__Output } from '../../ray/rpc/KVGetResponse.ts';
import type { KVListRequest as _ray_rpc_KVListRequest, KVListRequest__Output as _ray_rpc_KVListRequest__Output } from '../../ray/rpc/KVListRequest.ts';
import type { KVListResponse as _ray_rpc_KVListResponse, KVListResponse__Output as _ray_rpc_KVListResponse__Output } from '../../ray/rpc/KVListResponse.ts';
import type { KVPutRequest as _ray_rpc_KVPutRequest, KVPutRequest__Output as _ray_rpc_KVPutRequest__Output } from '../../ray/rpc/KVPutRequest.ts';
import type { KVPutResponse as _ray_rpc_KVPutResponse, KVPutResponse__Output as _ray_rpc_KVPutResponse__Output } from '../../ray/rpc/KVPutResponse.ts';
import type { PrepRuntimeEnvRequest as _ray_rpc_PrepRuntimeEnvRequest, PrepRuntimeEnvRequest__Output as _ray_rpc_PrepRuntimeEnvRequest__Output } from '../../ray/rpc/PrepRuntimeEnvRequest.ts';
import type { PrepRuntimeEnvResponse as _ray_rpc_PrepRuntimeEnvResponse, PrepRuntimeEnvResponse__Output as _ray_rpc_PrepRuntimeEnvResponse__Output } from '../../ray/rpc/PrepRuntimeEnvResponse.ts';
import type { PutRequest as _ray_rpc_PutRequest, PutRequest__Output as _ray_rpc_PutRequest__Output } from '../../ray/rpc/PutRequest.ts';
import type { PutResponse as _ray_rpc_PutResponse, PutResponse__Output as _ray_rpc_PutResponse__Output } from '../../ray/rpc/PutResponse.ts';
import type { TerminateRequest as _ray_rpc_TerminateRequest, TerminateRequest__Output as _ray_rpc_TerminateRequest__Output } from '../../ray/rpc/TerminateRequest.ts';
import type { TerminateResponse as _ray_rpc_TerminateResponse, TerminateResponse__Output as _ray_rpc_TerminateResponse__Output } from '../../ray/rpc/TerminateResponse.ts';
import type { WaitRequest as _ray_rpc_WaitRequest, WaitRequest__Output as _ray_rpc_WaitRequest__Output } from '../../ray/rpc/WaitRequest.ts';
import type { WaitResponse as _ray_rpc_WaitResponse, WaitResponse__Output as _ray_rpc_WaitResponse__Output } from '../../ray/rpc/WaitResponse.ts';

export interface RayletDriverClient extends grpc.Client {
  ClusterInfo(argument: _ray_rpc_ClusterInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClusterInfoResponse__Output>): grpc.ClientUnaryCall;
  ClusterInfo(argument: _ray_rpc_ClusterInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_ClusterInfoResponse__Output>): grpc.ClientUnaryCall;
  ClusterInfo(argument: _ray_rpc_ClusterInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClusterInfoResponse__Output>): grpc.ClientUnaryCall;
  ClusterInfo(argument: _ray_rpc_ClusterInfoRequest, callback: grpc.requestCallback<_ray_rpc_ClusterInfoResponse__Output>): grpc.ClientUnaryCall;
  clusterInfo(argument: _ray_rpc_ClusterInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClusterInfoResponse__Output>): grpc.ClientUnaryCall;
  clusterInfo(argument: _ray_rpc_ClusterInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_ClusterInfoResponse__Output>): grpc.ClientUnaryCall;
  clusterInfo(argument: _ray_rpc_ClusterInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClusterInfoResponse__Output>): grpc.ClientUnaryCall;
  clusterInfo(argument: _ray_rpc_ClusterInfoRequest, callback: grpc.requestCallback<_ray_rpc_ClusterInfoResponse__Output>): grpc.ClientUnaryCall;

  GetObject(argument: _ray_rpc_GetRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_ray_rpc_GetResponse__Output>;
  GetObject(argument: _ray_rpc_GetRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_ray_rpc_GetResponse__Output>;
  getObject(argument: _ray_rpc_GetRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_ray_rpc_GetResponse__Output>;
  getObject(argument: _ray_rpc_GetRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_ray_rpc_GetResponse__Output>;

  Init(argument: _ray_rpc_InitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_InitResponse__Output>): grpc.ClientUnaryCall;
  Init(argument: _ray_rpc_InitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_InitResponse__Output>): grpc.ClientUnaryCall;
  Init(argument: _ray_rpc_InitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_InitResponse__Output>): grpc.ClientUnaryCall;
  Init(argument: _ray_rpc_InitRequest, callback: grpc.requestCallback<_ray_rpc_InitResponse__Output>): grpc.ClientUnaryCall;
  init(argument: _ray_rpc_InitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_InitResponse__Output>): grpc.ClientUnaryCall;
  init(argument: _ray_rpc_InitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_InitResponse__Output>): grpc.ClientUnaryCall;
  init(argument: _ray_rpc_InitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_InitResponse__Output>): grpc.ClientUnaryCall;
  init(argument: _ray_rpc_InitRequest, callback: grpc.requestCallback<_ray_rpc_InitResponse__Output>): grpc.ClientUnaryCall;

  KVDel(argument: _ray_rpc_KVDelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVDelResponse__Output>): grpc.ClientUnaryCall;
  KVDel(argument: _ray_rpc_KVDelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_KVDelResponse__Output>): grpc.ClientUnaryCall;
  KVDel(argument: _ray_rpc_KVDelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVDelResponse__Output>): grpc.ClientUnaryCall;
  KVDel(argument: _ray_rpc_KVDelRequest, callback: grpc.requestCallback<_ray_rpc_KVDelResponse__Output>): grpc.ClientUnaryCall;
  kvDel(argument: _ray_rpc_KVDelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVDelResponse__Output>): grpc.ClientUnaryCall;
  kvDel(argument: _ray_rpc_KVDelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_KVDelResponse__Output>): grpc.ClientUnaryCall;
  kvDel(argument: _ray_rpc_KVDelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVDelResponse__Output>): grpc.ClientUnaryCall;
  kvDel(argument: _ray_rpc_KVDelRequest, callback: grpc.requestCallback<_ray_rpc_KVDelResponse__Output>): grpc.ClientUnaryCall;

  KVExists(argument: _ray_rpc_KVExistsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVExistsResponse__Output>): grpc.ClientUnaryCall;
  KVExists(argument: _ray_rpc_KVExistsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_KVExistsResponse__Output>): grpc.ClientUnaryCall;
  KVExists(argument: _ray_rpc_KVExistsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVExistsResponse__Output>): grpc.ClientUnaryCall;
  KVExists(argument: _ray_rpc_KVExistsRequest, callback: grpc.requestCallback<_ray_rpc_KVExistsResponse__Output>): grpc.ClientUnaryCall;
  kvExists(argument: _ray_rpc_KVExistsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVExistsResponse__Output>): grpc.ClientUnaryCall;
  kvExists(argument: _ray_rpc_KVExistsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_KVExistsResponse__Output>): grpc.ClientUnaryCall;
  kvExists(argument: _ray_rpc_KVExistsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVExistsResponse__Output>): grpc.ClientUnaryCall;
  kvExists(argument: _ray_rpc_KVExistsRequest, callback: grpc.requestCallback<_ray_rpc_KVExistsResponse__Output>): grpc.ClientUnaryCall;

  KVGet(argument: _ray_rpc_KVGetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVGetResponse__Output>): grpc.ClientUnaryCall;
  KVGet(argument: _ray_rpc_KVGetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_KVGetResponse__Output>): grpc.ClientUnaryCall;
  KVGet(argument: _ray_rpc_KVGetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVGetResponse__Output>): grpc.ClientUnaryCall;
  KVGet(argument: _ray_rpc_KVGetRequest, callback: grpc.requestCallback<_ray_rpc_KVGetResponse__Output>): grpc.ClientUnaryCall;
  kvGet(argument: _ray_rpc_KVGetRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVGetResponse__Output>): grpc.ClientUnaryCall;
  kvGet(argument: _ray_rpc_KVGetRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_KVGetResponse__Output>): grpc.ClientUnaryCall;
  kvGet(argument: _ray_rpc_KVGetRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVGetResponse__Output>): grpc.ClientUnaryCall;
  kvGet(argument: _ray_rpc_KVGetRequest, callback: grpc.requestCallback<_ray_rpc_KVGetResponse__Output>): grpc.ClientUnaryCall;

  KVList(argument: _ray_rpc_KVListRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVListResponse__Output>): grpc.ClientUnaryCall;
  KVList(argument: _ray_rpc_KVListRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_KVListResponse__Output>): grpc.ClientUnaryCall;
  KVList(argument: _ray_rpc_KVListRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVListResponse__Output>): grpc.ClientUnaryCall;
  KVList(argument: _ray_rpc_KVListRequest, callback: grpc.requestCallback<_ray_rpc_KVListResponse__Output>): grpc.ClientUnaryCall;
  kvList(argument: _ray_rpc_KVListRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVListResponse__Output>): grpc.ClientUnaryCall;
  kvList(argument: _ray_rpc_KVListRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_KVListResponse__Output>): grpc.ClientUnaryCall;
  kvList(argument: _ray_rpc_KVListRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVListResponse__Output>): grpc.ClientUnaryCall;
  kvList(argument: _ray_rpc_KVListRequest, callback: grpc.requestCallback<_ray_rpc_KVListResponse__Output>): grpc.ClientUnaryCall;

  KVPut(argument: _ray_rpc_KVPutRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVPutResponse__Output>): grpc.ClientUnaryCall;
  KVPut(argument: _ray_rpc_KVPutRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_KVPutResponse__Output>): grpc.ClientUnaryCall;
  KVPut(argument: _ray_rpc_KVPutRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVPutResponse__Output>): grpc.ClientUnaryCall;
  KVPut(argument: _ray_rpc_KVPutRequest, callback: grpc.requestCallback<_ray_rpc_KVPutResponse__Output>): grpc.ClientUnaryCall;
  kvPut(argument: _ray_rpc_KVPutRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVPutResponse__Output>): grpc.ClientUnaryCall;
  kvPut(argument: _ray_rpc_KVPutRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_KVPutResponse__Output>): grpc.ClientUnaryCall;
  kvPut(argument: _ray_rpc_KVPutRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_KVPutResponse__Output>): grpc.ClientUnaryCall;
  kvPut(argument: _ray_rpc_KVPutRequest, callback: grpc.requestCallback<_ray_rpc_KVPutResponse__Output>): grpc.ClientUnaryCall;

  ListNamedActors(argument: _ray_rpc_ClientListNamedActorsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClientListNamedActorsResponse__Output>): grpc.ClientUnaryCall;
  ListNamedActors(argument: _ray_rpc_ClientListNamedActorsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_ClientListNamedActorsResponse__Output>): grpc.ClientUnaryCall;
  ListNamedActors(argument: _ray_rpc_ClientListNamedActorsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClientListNamedActorsResponse__Output>): grpc.ClientUnaryCall;
  ListNamedActors(argument: _ray_rpc_ClientListNamedActorsRequest, callback: grpc.requestCallback<_ray_rpc_ClientListNamedActorsResponse__Output>): grpc.ClientUnaryCall;
  listNamedActors(argument: _ray_rpc_ClientListNamedActorsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClientListNamedActorsResponse__Output>): grpc.ClientUnaryCall;
  listNamedActors(argument: _ray_rpc_ClientListNamedActorsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_ClientListNamedActorsResponse__Output>): grpc.ClientUnaryCall;
  listNamedActors(argument: _ray_rpc_ClientListNamedActorsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClientListNamedActorsResponse__Output>): grpc.ClientUnaryCall;
  listNamedActors(argument: _ray_rpc_ClientListNamedActorsRequest, callback: grpc.requestCallback<_ray_rpc_ClientListNamedActorsResponse__Output>): grpc.ClientUnaryCall;

  PinRuntimeEnvURI(argument: _ray_rpc_ClientPinRuntimeEnvURIRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClientPinRuntimeEnvURIResponse__Output>): grpc.ClientUnaryCall;
  PinRuntimeEnvURI(argument: _ray_rpc_ClientPinRuntimeEnvURIRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_ClientPinRuntimeEnvURIResponse__Output>): grpc.ClientUnaryCall;
  PinRuntimeEnvURI(argument: _ray_rpc_ClientPinRuntimeEnvURIRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClientPinRuntimeEnvURIResponse__Output>): grpc.ClientUnaryCall;
  PinRuntimeEnvURI(argument: _ray_rpc_ClientPinRuntimeEnvURIRequest, callback: grpc.requestCallback<_ray_rpc_ClientPinRuntimeEnvURIResponse__Output>): grpc.ClientUnaryCall;
  pinRuntimeEnvUri(argument: _ray_rpc_ClientPinRuntimeEnvURIRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClientPinRuntimeEnvURIResponse__Output>): grpc.ClientUnaryCall;
  pinRuntimeEnvUri(argument: _ray_rpc_ClientPinRuntimeEnvURIRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_ClientPinRuntimeEnvURIResponse__Output>): grpc.ClientUnaryCall;
  pinRuntimeEnvUri(argument: _ray_rpc_ClientPinRuntimeEnvURIRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClientPinRuntimeEnvURIResponse__Output>): grpc.ClientUnaryCall;
  pinRuntimeEnvUri(argument: _ray_rpc_ClientPinRuntimeEnvURIRequest, callback: grpc.requestCallback<_ray_rpc_ClientPinRuntimeEnvURIResponse__Output>): grpc.ClientUnaryCall;

  PrepRuntimeEnv(argument: _ray_rpc_PrepRuntimeEnvRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_PrepRuntimeEnvResponse__Output>): grpc.ClientUnaryCall;
  PrepRuntimeEnv(argument: _ray_rpc_PrepRuntimeEnvRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_PrepRuntimeEnvResponse__Output>): grpc.ClientUnaryCall;
  PrepRuntimeEnv(argument: _ray_rpc_PrepRuntimeEnvRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_PrepRuntimeEnvResponse__Output>): grpc.ClientUnaryCall;
  PrepRuntimeEnv(argument: _ray_rpc_PrepRuntimeEnvRequest, callback: grpc.requestCallback<_ray_rpc_PrepRuntimeEnvResponse__Output>): grpc.ClientUnaryCall;
  prepRuntimeEnv(argument: _ray_rpc_PrepRuntimeEnvRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_PrepRuntimeEnvResponse__Output>): grpc.ClientUnaryCall;
  prepRuntimeEnv(argument: _ray_rpc_PrepRuntimeEnvRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_PrepRuntimeEnvResponse__Output>): grpc.ClientUnaryCall;
  prepRuntimeEnv(argument: _ray_rpc_PrepRuntimeEnvRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_PrepRuntimeEnvResponse__Output>): grpc.ClientUnaryCall;
  prepRuntimeEnv(argument: _ray_rpc_PrepRuntimeEnvRequest, callback: grpc.requestCallback<_ray_rpc_PrepRuntimeEnvResponse__Output>): grpc.ClientUnaryCall;

  PutObject(argument: _ray_rpc_PutRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_PutResponse__Output>): grpc.ClientUnaryCall;
  PutObject(argument: _ray_rpc_PutRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_PutResponse__Output>): grpc.ClientUnaryCall;
  PutObject(argument: _ray_rpc_PutRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_PutResponse__Output>): grpc.ClientUnaryCall;
  PutObject(argument: _ray_rpc_PutRequest, callback: grpc.requestCallback<_ray_rpc_PutResponse__Output>): grpc.ClientUnaryCall;
  putObject(argument: _ray_rpc_PutRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_PutResponse__Output>): grpc.ClientUnaryCall;
  putObject(argument: _ray_rpc_PutRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_PutResponse__Output>): grpc.ClientUnaryCall;
  putObject(argument: _ray_rpc_PutRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_PutResponse__Output>): grpc.ClientUnaryCall;
  putObject(argument: _ray_rpc_PutRequest, callback: grpc.requestCallback<_ray_rpc_PutResponse__Output>): grpc.ClientUnaryCall;

  Schedule(argument: _ray_rpc_ClientTask, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClientTaskTicket__Output>): grpc.ClientUnaryCall;
  Schedule(argument: _ray_rpc_ClientTask, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_ClientTaskTicket__Output>): grpc.ClientUnaryCall;
  Schedule(argument: _ray_rpc_ClientTask, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClientTaskTicket__Output>): grpc.ClientUnaryCall;
  Schedule(argument: _ray_rpc_ClientTask, callback: grpc.requestCallback<_ray_rpc_ClientTaskTicket__Output>): grpc.ClientUnaryCall;
  schedule(argument: _ray_rpc_ClientTask, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClientTaskTicket__Output>): grpc.ClientUnaryCall;
  schedule(argument: _ray_rpc_ClientTask, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_ClientTaskTicket__Output>): grpc.ClientUnaryCall;
  schedule(argument: _ray_rpc_ClientTask, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_ClientTaskTicket__Output>): grpc.ClientUnaryCall;
  schedule(argument: _ray_rpc_ClientTask, callback: grpc.requestCallback<_ray_rpc_ClientTaskTicket__Output>): grpc.ClientUnaryCall;

  Terminate(argument: _ray_rpc_TerminateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_TerminateResponse__Output>): grpc.ClientUnaryCall;
  Terminate(argument: _ray_rpc_TerminateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_TerminateResponse__Output>): grpc.ClientUnaryCall;
  Terminate(argument: _ray_rpc_TerminateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_TerminateResponse__Output>): grpc.ClientUnaryCall;
  Terminate(argument: _ray_rpc_TerminateRequest, callback: grpc.requestCallback<_ray_rpc_TerminateResponse__Output>): grpc.ClientUnaryCall;
  terminate(argument: _ray_rpc_TerminateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_TerminateResponse__Output>): grpc.ClientUnaryCall;
  terminate(argument: _ray_rpc_TerminateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_TerminateResponse__Output>): grpc.ClientUnaryCall;
  terminate(argument: _ray_rpc_TerminateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_TerminateResponse__Output>): grpc.ClientUnaryCall;
  terminate(argument: _ray_rpc_TerminateRequest, callback: grpc.requestCallback<_ray_rpc_TerminateResponse__Output>): grpc.ClientUnaryCall;

  WaitObject(argument: _ray_rpc_WaitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_WaitResponse__Output>): grpc.ClientUnaryCall;
  WaitObject(argument: _ray_rpc_WaitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_WaitResponse__Output>): grpc.ClientUnaryCall;
  WaitObject(argument: _ray_rpc_WaitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_WaitResponse__Output>): grpc.ClientUnaryCall;
  WaitObject(argument: _ray_rpc_WaitRequest, callback: grpc.requestCallback<_ray_rpc_WaitResponse__Output>): grpc.ClientUnaryCall;
  waitObject(argument: _ray_rpc_WaitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_WaitResponse__Output>): grpc.ClientUnaryCall;
  waitObject(argument: _ray_rpc_WaitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ray_rpc_WaitResponse__Output>): grpc.ClientUnaryCall;
  waitObject(argument: _ray_rpc_WaitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ray_rpc_WaitResponse__Output>): grpc.ClientUnaryCall;
  waitObject(argument: _ray_rpc_WaitRequest, callback: grpc.requestCallback<_ray_rpc_WaitResponse__Output>): grpc.ClientUnaryCall;

}

export interface RayletDriverHandlers extends grpc.UntypedServiceImplementation {
  ClusterInfo: grpc.handleUnaryCall<_ray_rpc_ClusterInfoRequest__Output, _ray_rpc_ClusterInfoResponse>;

  GetObject: grpc.handleServerStreamingCall<_ray_rpc_GetRequest__Output, _ray_rpc_GetResponse>;

  Init: grpc.handleUnaryCall<_ray_rpc_InitRequest__Output, _ray_rpc_InitResponse>;

  KVDel: grpc.handleUnaryCall<_ray_rpc_KVDelRequest__Output, _ray_rpc_KVDelResponse>;

  KVExists: grpc.handleUnaryCall<_ray_rpc_KVExistsRequest__Output, _ray_rpc_KVExistsResponse>;

  KVGet: grpc.handleUnaryCall<_ray_rpc_KVGetRequest__Output, _ray_rpc_KVGetResponse>;

  KVList: grpc.handleUnaryCall<_ray_rpc_KVListRequest__Output, _ray_rpc_KVListResponse>;

  KVPut: grpc.handleUnaryCall<_ray_rpc_KVPutRequest__Output, _ray_rpc_KVPutResponse>;

  ListNamedActors: grpc.handleUnaryCall<_ray_rpc_ClientListNamedActorsRequest__Output, _ray_rpc_ClientListNamedActorsResponse>;

  PinRuntimeEnvURI: grpc.handleUnaryCall<_ray_rpc_ClientPinRuntimeEnvURIRequest__Output, _ray_rpc_ClientPinRuntimeEnvURIResponse>;

  PrepRuntimeEnv: grpc.handleUnaryCall<_ray_rpc_PrepRuntimeEnvRequest__Output, _ray_rpc_PrepRuntimeEnvResponse>;

  PutObject: grpc.handleUnaryCall<_ray_rpc_PutRequest__Output, _ray_rpc_PutResponse>;

  Schedule: grpc.handleUnaryCall<_ray_rpc_ClientTask__Output, _ray_rpc_ClientTaskTicket>;

  Terminate: grpc.handleUnaryCall<_ray_rpc_TerminateRequest__Output, _ray_rpc_TerminateResponse>;

  WaitObject: grpc.handleUnaryCall<_ray_rpc_WaitRequest__Output, _ray_rpc_WaitResponse>;

}

export interface RayletDriverDefinition extends grpc.ServiceDefinition {
  ClusterInfo: MethodDefinition<_ray_rpc_ClusterInfoRequest, _ray_rpc_ClusterInfoResponse, _ray_rpc_ClusterInfoRequest__Output, _ray_rpc_ClusterInfoResponse__Output>
  GetObject: MethodDefinition<_ray_rpc_GetRequest, _ray_rpc_GetResponse, _ray_rpc_GetRequest__Output, _ray_rpc_GetResponse__Output>
  Init: MethodDefinition<_ray_rpc_InitRequest, _ray_rpc_InitResponse, _ray_rpc_InitRequest__Output, _ray_rpc_InitResponse__Output>
  KVDel: MethodDefinition<_ray_rpc_KVDelRequest, _ray_rpc_KVDelResponse, _ray_rpc_KVDelRequest__Output, _ray_rpc_KVDelResponse__Output>
  KVExists: MethodDefinition<_ray_rpc_KVExistsRequest, _ray_rpc_KVExistsResponse, _ray_rpc_KVExistsRequest__Output, _ray_rpc_KVExistsResponse__Output>
  KVGet: MethodDefinition<_ray_rpc_KVGetRequest, _ray_rpc_KVGetResponse, _ray_rpc_KVGetRequest__Output, _ray_rpc_KVGetResponse__Output>
  KVList: MethodDefinition<_ray_rpc_KVListRequest, _ray_rpc_KVListResponse, _ray_rpc_KVListRequest__Output, _ray_rpc_KVListResponse__Output>
  KVPut: MethodDefinition<_ray_rpc_KVPutRequest, _ray_rpc_KVPutResponse, _ray_rpc_KVPutRequest__Output, _ray_rpc_KVPutResponse__Output>
  ListNamedActors: MethodDefinition<_ray_rpc_ClientListNamedActorsRequest, _ray_rpc_ClientListNamedActorsResponse, _ray_rpc_ClientListNamedActorsRequest__Output, _ray_rpc_ClientListNamedActorsResponse__Output>
  PinRuntimeEnvURI: MethodDefinition<_ray_rpc_ClientPinRuntimeEnvURIRequest, _ray_rpc_ClientPinRuntimeEnvURIResponse, _ray_rpc_ClientPinRuntimeEnvURIRequest__Output, _ray_rpc_ClientPinRuntimeEnvURIResponse__Output>
  PrepRuntimeEnv: MethodDefinition<_ray_rpc_PrepRuntimeEnvRequest, _ray_rpc_PrepRuntimeEnvResponse, _ray_rpc_PrepRuntimeEnvRequest__Output, _ray_rpc_PrepRuntimeEnvResponse__Output>
  PutObject: MethodDefinition<_ray_rpc_PutRequest, _ray_rpc_PutResponse, _ray_rpc_PutRequest__Output, _ray_rpc_PutResponse__Output>
  Schedule: MethodDefinition<_ray_rpc_ClientTask, _ray_rpc_ClientTaskTicket, _ray_rpc_ClientTask__Output, _ray_rpc_ClientTaskTicket__Output>
  Terminate: MethodDefinition<_ray_rpc_TerminateRequest, _ray_rpc_TerminateResponse, _ray_rpc_TerminateRequest__Output, _ray_rpc_TerminateResponse__Output>
  WaitObject: MethodDefinition<_ray_rpc_WaitRequest, _ray_rpc_WaitResponse, _ray_rpc_WaitRequest__Output, _ray_rpc_WaitResponse__Output>
}
