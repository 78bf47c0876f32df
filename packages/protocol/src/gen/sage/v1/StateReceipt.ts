// Original file: proto/sage/v1/workers.proto


export interface StateReceipt {
  'name'?: (string);
}

export interface StateReceipt__Output {
  'name': (string);
}
