// Original file: proto/ray/ray_client.proto


export interface KVDelResponse {
  'deletedNum'?: (number);
}

export interface KVDelResponse__Output {
  'deletedNum': (number);
}
