// Original file: proto/ray/ray_client.proto


export interface KVPutRequest {
  'key'?: (Buffer | Uint8Array | string);
  'value'?: (Buffer | Uint8Array | string);
  'overwrite'?: (boolean);
  'namespace'?: (Buffer | Uint8Array | string);
  '_namespace'?: "namespace";
}

export interface KVPutRequest__Output {
  'key': (Buffer);
  'value': (Buffer);
  'overwrite': (boolean);
  'namespace'?: (Buffer);
  '_namespace'?: "namespace";
}
