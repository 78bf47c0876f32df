// Original file: proto/ray/ray_client.proto


export interface InitRequest {
  'jobConfig'?: (Buffer | Uint8Array | string);
  'rayInitKwargs'?: (string);
  'reconnectGracePeriod'?: (number);
}

export interface InitRequest__Output {
  'jobConfig': (Buffer);
  'rayInitKwargs': (string);
  'reconnectGracePeriod': (number);
}
