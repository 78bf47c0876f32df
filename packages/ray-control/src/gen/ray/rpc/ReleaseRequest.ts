// Original file: proto/ray/ray_client.proto


export interface ReleaseRequest {
  'ids'?: (Buffer | Uint8Array | string)[];
}

export interface ReleaseRequest__Output {
  'ids': (Buffer)[];
}
