// Original file: proto/ray/ray_client.proto


export interface KVExistsResponse {
  'exists'?: (boolean);
}

export interface KVExistsResponse__Output {
  'exists': (boolean);
}
