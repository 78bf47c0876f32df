// Original file: proto/ray/ray_client.proto


export interface KVListResponse {
  'keys'?: (Buffer | Uint8Array | string)[];
}

export interface KVListResponse__Output {
  'keys': (Buffer)[];
}
