// Original file: proto/ray/ray_client.proto


export interface ReleaseResponse {
  'ok'?: (boolean)[];
}

export interface ReleaseResponse__Output {
  'ok': (boolean)[];
}
