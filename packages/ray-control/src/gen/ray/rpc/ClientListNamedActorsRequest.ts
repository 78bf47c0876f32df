// Original file: proto/ray/ray_client.proto


export interface ClientListNamedActorsRequest {
  'allNamespaces'?: (boolean);
}

export interface ClientListNamedActorsRequest__Output {
  'allNamespaces': (boolean);
}
