// Original file: proto/ray/ray_client.proto


export interface TaskOptions {
  'pickledOptions'?: (Buffer | Uint8Array | string);
}

export interface TaskOptions__Output {
  'pickledOptions': (Buffer);
}
