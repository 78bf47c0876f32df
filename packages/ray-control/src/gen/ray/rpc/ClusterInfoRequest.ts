// Original file: proto/ray/ray_client.proto

import type { _ray_rpc_ClusterInfoType_TypeEnum, _ray_rpc_ClusterInfoType_TypeEnum__Output } from '../../ray/rpc/ClusterInfoType.ts';

export interface ClusterInfoRequest {
  'type'?: (_ray_rpc_ClusterInfoType_TypeEnum);
}

export interface ClusterInfoRequest__Output {
  'type': (_ray_rpc_ClusterInfoType_TypeEnum__Output);
}
