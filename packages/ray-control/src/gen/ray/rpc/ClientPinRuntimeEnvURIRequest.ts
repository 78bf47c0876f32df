// Original file: proto/ray/ray_client.proto


export interface ClientPinRuntimeEnvURIRequest {
  'uri'?: (string);
  'expirationS'?: (number);
}

export interface ClientPinRuntimeEnvURIRequest__Output {
  'uri': (string);
  'expirationS': (number);
}
