// Original file: proto/ray/ray_client.proto

import type { Type as _ray_rpc_Type, Type__Output as _ray_rpc_Type__Output } from '../../ray/rpc/Type.ts';

// Original file: proto/ray/ray_client.proto

export const _ray_rpc_Arg_Locality = {
  INTERNED: 'INTERNED',
  REFERENCE: 'REFERENCE',
} as const;

export type _ray_rpc_Arg_Locality =
  | 'INTERNED'
  | 0
  | 'REFERENCE'
  | 1

export type _ray_rpc_Arg_Locality__Output = typeof _ray_rpc_Arg_Locality[keyof typeof _ray_rpc_Arg_Locality]

export interface Arg {
  'local'?: (_ray_rpc_Arg_Locality);
  'referenceId'?: (Buffer | Uint8Array | string);
  'data'?: (Buffer | Uint8Array | string);
  'type'?: (_ray_rpc_Type);
}

export interface Arg__Output {
  'local': (_ray_rpc_Arg_Locality__Output);
  'referenceId': (Buffer);
  'data': (Buffer);
  'type': (_ray_rpc_Type__Output);
}
