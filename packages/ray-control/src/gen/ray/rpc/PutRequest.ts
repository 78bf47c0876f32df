// Original file: proto/ray/ray_client.proto


export interface PutRequest {
  'data'?: (Buffer | Uint8Array | string);
  'clientRefId'?: (Buffer | Uint8Array | string);
  'chunkId'?: (number);
  'totalChunks'?: (number);
  'totalSize'?: (number);
}

export interface PutRequest__Output {
  'data': (Buffer);
  'clientRefId': (Buffer);
  'chunkId': (number);
  'totalChunks': (number);
  'totalSize': (number);
}
