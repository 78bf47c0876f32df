// Original file: proto/sage/v1/workers.proto


export interface Peer {
  'workerIndex'?: (number);
  'dataAddress'?: (string);
}

export interface Peer__Output {
  'workerIndex': (number);
  'dataAddress': (string);
}
