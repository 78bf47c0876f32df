// Original file: proto/sage/v1/workers.proto


export interface LoopEnd {
  'loopId'?: (string);
}

export interface LoopEnd__Output {
  'loopId': (string);
}
