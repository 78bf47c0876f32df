// Original file: proto/ray/ray_client.proto


export interface KVPutResponse {
  'alreadyExists'?: (boolean);
}

export interface KVPutResponse__Output {
  'alreadyExists': (boolean);
}
