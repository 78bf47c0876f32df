// Original file: proto/ray/ray_client.proto


// Original file: proto/ray/ray_client.proto

export const _ray_rpc_ClusterInfoType_TypeEnum = {
  IS_INITIALIZED: 'IS_INITIALIZED',
  NODES: 'NODES',
  CLUSTER_RESOURCES: 'CLUSTER_RESOURCES',
  AVAILABLE_RESOURCES: 'AVAILABLE_RESOURCES',
  RUNTIME_CONTEXT: 'RUNTIME_CONTEXT',
  TIMELINE: 'TIMELINE',
  PING: 'PING',
  DASHBOARD_URL: 'DASHBOARD_URL',
} as const;

export type _ray_rpc_ClusterInfoType_TypeEnum =
  | 'IS_INITIALIZED'
  | 0
  | 'NODES'
  | 1
  | 'CLUSTER_RESOURCES'
  | 2
  | 'AVAILABLE_RESOURCES'
  | 3
  | 'RUNTIME_CONTEXT'
  | 4
  | 'TIMELINE'
  | 5
  | 'PING'
  | 6
  | 'DASHBOARD_URL'
  | 7

export type _ray_rpc_ClusterInfoType_TypeEnum__Output = typeof _ray_rpc_ClusterInfoType_TypeEnum[keyof typeof _ray_rpc_ClusterInfoType_TypeEnum]

export interface ClusterInfoType {
}

export interface ClusterInfoType__Output {
}
