// Original file: proto/sage/v1/workers.proto


export interface Welcome {
  'heartbeatIntervalMs'?: (number);
  'gracePeriodMs'?: (number);
  /**
   * HMAC-SHA256(job secret, "daemon" | nonce): the daemon knows the secret too
   */
  'proof'?: (Buffer | Uint8Array | string);
}

export interface Welcome__Output {
  'heartbeatIntervalMs': (number);
  'gracePeriodMs': (number);
  /**
   * HMAC-SHA256(job secret, "daemon" | nonce): the daemon knows the secret too
   */
  'proof': (Buffer);
}
