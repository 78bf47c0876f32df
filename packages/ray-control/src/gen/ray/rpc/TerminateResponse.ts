// Original file: proto/ray/ray_client.proto


export interface TerminateResponse {
  'ok'?: (boolean);
}

export interface TerminateResponse__Output {
  'ok': (boolean);
}
