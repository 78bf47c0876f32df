// Original file: proto/ray/ray_client.proto


export interface WaitRequest {
  'objectIds'?: (Buffer | Uint8Array | string)[];
  'numReturns'?: (number);
  'timeout'?: (number | string);
  'clientId'?: (string);
}

export interface WaitRequest__Output {
  'objectIds': (Buffer)[];
  'numReturns': (number);
  'timeout': (number);
  'clientId': (string);
}
