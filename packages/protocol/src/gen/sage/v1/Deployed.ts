// Original file: proto/sage/v1/workers.proto


export interface Deployed {
  'fingerprint'?: (string);
}

export interface Deployed__Output {
  'fingerprint': (string);
}
