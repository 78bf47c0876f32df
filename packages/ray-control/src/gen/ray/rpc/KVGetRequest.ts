// Original file: proto/ray/ray_client.proto


export interface KVGetRequest {
  'key'?: (Buffer | Uint8Array | string);
  'namespace'?: (Buffer | Uint8Array | string);
  '_namespace'?: "namespace";
}

export interface KVGetRequest__Output {
  'key': (Buffer);
  'namespace'?: (Buffer);
  '_namespace'?: "namespace";
}
