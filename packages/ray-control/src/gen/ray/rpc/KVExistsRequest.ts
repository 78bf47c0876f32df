// Original file: proto/ray/ray_client.proto


export interface KVExistsRequest {
  'key'?: (Buffer | Uint8Array | string);
  'namespace'?: (Buffer | Uint8Array | string);
  '_namespace'?: "namespace";
}

export interface KVExistsRequest__Output {
  'key': (Buffer);
  'namespace'?: (Buffer);
  '_namespace'?: "namespace";
}
