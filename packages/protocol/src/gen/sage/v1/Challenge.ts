// Original file: proto/sage/v1/workers.proto


/**
 * What all proofs for this daemon cover, from its start to its end: one that was seen is of no use with the next daemon.
 */
export interface Challenge {
  'daemonNonce'?: (Buffer | Uint8Array | string);
}

/**
 * What all proofs for this daemon cover, from its start to its end: one that was seen is of no use with the next daemon.
 */
export interface Challenge__Output {
  'daemonNonce': (Buffer);
}
