// Original file: proto/ray/ray_client.proto


export interface KVDelRequest {
  'key'?: (Buffer | Uint8Array | string);
  'delByPrefix'?: (boolean);
  'namespace'?: (Buffer | Uint8Array | string);
  '_namespace'?: "namespace";
}

export interface KVDelRequest__Output {
  'key': (Buffer);
  'delByPrefix': (boolean);
  'namespace'?: (Buffer);
  '_namespace'?: "namespace";
}
