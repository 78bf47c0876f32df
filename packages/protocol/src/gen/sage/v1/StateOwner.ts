// Original file: proto/sage/v1/workers.proto


/**
 * The facts and the proof of Hello.
 */
export interface StateOwner {
  'jobId'?: (string);
  'attempt'?: (number);
  'workerIndex'?: (number);
  'workerId'?: (string);
  'nonce'?: (Buffer | Uint8Array | string);
  'proof'?: (Buffer | Uint8Array | string);
}

/**
 * The facts and the proof of Hello.
 */
export interface StateOwner__Output {
  'jobId': (string);
  'attempt': (number);
  'workerIndex': (number);
  'workerId': (string);
  'nonce': (Buffer);
  'proof': (Buffer);
}
