// Original file: proto/ray/ray_client.proto


export interface PutResponse {
  'id'?: (Buffer | Uint8Array | string);
  'valid'?: (boolean);
  'error'?: (Buffer | Uint8Array | string);
}

export interface PutResponse__Output {
  'id': (Buffer);
  'valid': (boolean);
  'error': (Buffer);
}
