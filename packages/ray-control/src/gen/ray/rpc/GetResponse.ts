// Original file: proto/ray/ray_client.proto


export interface GetResponse {
  'valid'?: (boolean);
  'data'?: (Buffer | Uint8Array | string);
  'error'?: (Buffer | Uint8Array | string);
  'chunkId'?: (number);
  'totalChunks'?: (number);
  'totalSize'?: (number);
}

export interface GetResponse__Output {
  'valid': (boolean);
  'data': (Buffer);
  'error': (Buffer);
  'chunkId': (number);
  'totalChunks': (number);
  'totalSize': (number);
}
