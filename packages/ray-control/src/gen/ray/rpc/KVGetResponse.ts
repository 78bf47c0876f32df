// Original file: proto/ray/ray_client.proto


export interface KVGetResponse {
  'value'?: (Buffer | Uint8Array | string);
  '_value'?: "value";
}

export interface KVGetResponse__Output {
  'value'?: (Buffer);
  '_value'?: "value";
}
