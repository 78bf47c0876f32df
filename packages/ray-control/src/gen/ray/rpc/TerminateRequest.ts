// Original file: proto/ray/ray_client.proto


export interface _ray_rpc_TerminateRequest_ActorTerminate {
  'id'?: (Buffer | Uint8Array | string);
  'noRestart'?: (boolean);
}

export interface _ray_rpc_TerminateRequest_ActorTerminate__Output {
  'id': (Buffer);
  'noRestart': (boolean);
}

export interface _ray_rpc_TerminateRequest_TaskObjectTerminate {
  'id'?: (Buffer | Uint8Array | string);
  'force'?: (boolean);
  'recursive'?: (boolean);
}

export interface _ray_rpc_TerminateRequest_TaskObjectTerminate__Output {
  'id': (Buffer);
  'force': (boolean);
  'recursive': (boolean);
}

export interface TerminateRequest {
  'clientId'?: (string);
  'actor'?: (_ray_rpc_TerminateRequest_ActorTerminate | null);
  'taskObject'?: (_ray_rpc_TerminateRequest_TaskObjectTerminate | null);
  'terminateType'?: "actor"|"taskObject";
}

export interface TerminateRequest__Output {
  'clientId': (string);
  'actor'?: (_ray_rpc_TerminateRequest_ActorTerminate__Output | null);
  'taskObject'?: (_ray_rpc_TerminateRequest_TaskObjectTerminate__Output | null);
  'terminateType'?: "actor"|"taskObject";
}
