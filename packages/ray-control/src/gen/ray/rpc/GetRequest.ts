// Original file: proto/ray/ray_client.proto


export interface GetRequest {
  'timeout'?: (number | string);
  'asynchronous'?: (boolean);
  'ids'?: (Buffer | Uint8Array | string)[];
  'startChunkId'?: (number);
}

export interface GetRequest__Output {
  'timeout': (number);
  'asynchronous': (boolean);
  'ids': (Buffer)[];
  'startChunkId': (number);
}
