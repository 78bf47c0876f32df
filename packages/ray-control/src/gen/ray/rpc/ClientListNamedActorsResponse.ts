// Original file: proto/ray/ray_client.proto


export interface ClientListNamedActorsResponse {
  'actorsJson'?: (string);
}

export interface ClientListNamedActorsResponse__Output {
  'actorsJson': (string);
}
