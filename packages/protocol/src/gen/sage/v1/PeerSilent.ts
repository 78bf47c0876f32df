// Original file: proto/sage/v1/workers.proto


/**
 * A data connection is open, but nothing has come over it for long. The daemon decides: a peer whose event loop is
 * blocked lives, a connection that is stalled does not.
 */
export interface PeerSilent {
  'workerIndex'?: (number);
  'silentMs'?: (number);
}

/**
 * A data connection is open, but nothing has come over it for long. The daemon decides: a peer whose event loop is
 * blocked lives, a connection that is stalled does not.
 */
export interface PeerSilent__Output {
  'workerIndex': (number);
  'silentMs': (number);
}
