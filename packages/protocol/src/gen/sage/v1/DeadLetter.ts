// Original file: proto/sage/v1/workers.proto


export interface DeadLetter {
  'operator'?: (string);
  'index'?: (number);
  'recordNumber'?: (number);
  'recordJson'?: (string);
  'error'?: (string);
}

export interface DeadLetter__Output {
  'operator': (string);
  'index': (number);
  'recordNumber': (number);
  'recordJson': (string);
  'error': (string);
}
