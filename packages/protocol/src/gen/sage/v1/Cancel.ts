// Original file: proto/sage/v1/workers.proto


export interface Cancel {
  'reason'?: (string);
}

export interface Cancel__Output {
  'reason': (string);
}
