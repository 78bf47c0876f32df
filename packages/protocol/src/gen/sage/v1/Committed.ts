// Original file: proto/sage/v1/workers.proto


/**
 * The worker's sinks have committed it.
 */
export interface Committed {
  'checkpointId'?: (number);
}

/**
 * The worker's sinks have committed it.
 */
export interface Committed__Output {
  'checkpointId': (number);
}
