// Original file: proto/sage/v1/workers.proto


/**
 * The checkpoint is complete and on disk: sinks commit what they prepared for it and for all before it.
 */
export interface CheckpointCommitted {
  'checkpointId'?: (number);
}

/**
 * The checkpoint is complete and on disk: sinks commit what they prepared for it and for all before it.
 */
export interface CheckpointCommitted__Output {
  'checkpointId': (number);
}
