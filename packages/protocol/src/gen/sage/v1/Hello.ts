// Original file: proto/sage/v1/workers.proto


export interface Hello {
  'jobId'?: (string);
  'attempt'?: (number);
  'workerIndex'?: (number);
  'workerId'?: (string);
  'host'?: (string);
  'pid'?: (number);
  'nonce'?: (Buffer | Uint8Array | string);
  /**
   * HMAC-SHA256(job secret, facts | purpose | serial | daemon nonce | nonce): see worker-proof.ts
   */
  'proof'?: (Buffer | Uint8Array | string);
  /**
   * of its data plane
   */
  'dataAddress'?: (string);
  'version'?: (string);
  /**
   * it can take snapshots and restore them; without, its job has no checkpoints
   */
  'snapshots'?: (boolean);
}

export interface Hello__Output {
  'jobId': (string);
  'attempt': (number);
  'workerIndex': (number);
  'workerId': (string);
  'host': (string);
  'pid': (number);
  'nonce': (Buffer);
  /**
   * HMAC-SHA256(job secret, facts | purpose | serial | daemon nonce | nonce): see worker-proof.ts
   */
  'proof': (Buffer);
  /**
   * of its data plane
   */
  'dataAddress': (string);
  'version': (string);
  /**
   * it can take snapshots and restore them; without, its job has no checkpoints
   */
  'snapshots': (boolean);
}
