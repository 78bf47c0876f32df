// Original file: proto/ray/ray_client.proto


export interface KVListRequest {
  'prefix'?: (Buffer | Uint8Array | string);
  'namespace'?: (Buffer | Uint8Array | string);
  '_namespace'?: "namespace";
}

export interface KVListRequest__Output {
  'prefix': (Buffer);
  'namespace'?: (Buffer);
  '_namespace'?: "namespace";
}
