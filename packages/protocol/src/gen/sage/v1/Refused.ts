// Original file: proto/sage/v1/workers.proto


export interface Refused {
  'reason'?: (string);
}

export interface Refused__Output {
  'reason': (string);
}
