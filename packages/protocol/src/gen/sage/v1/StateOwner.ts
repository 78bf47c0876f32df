// Original file: proto/sage/v1/workers.proto


/**
 * Who calls, with a proof that holds for this call alone.
 */
export interface StateOwner {
  'jobId'?: (string);
  'attempt'?: (number);
  'workerIndex'?: (number);
  'workerId'?: (string);
  'nonce'?: (Buffer | Uint8Array | string);
  'proof'?: (Buffer | Uint8Array | string);
  /**
   * another one in each call of the worker, about in order
   */
  'serial'?: (number);
}

/**
 * Who calls, with a proof that holds for this call alone.
 */
export interface StateOwner__Output {
  'jobId': (string);
  'attempt': (number);
  'workerIndex': (number);
  'workerId': (string);
  'nonce': (Buffer);
  'proof': (Buffer);
  /**
   * another one in each call of the worker, about in order
   */
  'serial': (number);
}
