// Original file: proto/ray/ray_client.proto


export interface WaitResponse {
  'valid'?: (boolean);
  'readyObjectIds'?: (Buffer | Uint8Array | string)[];
  'remainingObjectIds'?: (Buffer | Uint8Array | string)[];
}

export interface WaitResponse__Output {
  'valid': (boolean);
  'readyObjectIds': (Buffer)[];
  'remainingObjectIds': (Buffer)[];
}
