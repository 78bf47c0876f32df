// Original file: proto/ray/ray_client.proto


export interface InitResponse {
  'ok'?: (boolean);
  'msg'?: (string);
}

export interface InitResponse__Output {
  'ok': (boolean);
  'msg': (string);
}
