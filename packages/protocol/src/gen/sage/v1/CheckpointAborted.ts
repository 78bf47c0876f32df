// Original file: proto/sage/v1/workers.proto


/**
 * It will not be completed: drop what was written for it. What sinks prepared belongs to the next one.
 */
export interface CheckpointAborted {
  'checkpointId'?: (number);
  'reason'?: (string);
}

/**
 * It will not be completed: drop what was written for it. What sinks prepared belongs to the next one.
 */
export interface CheckpointAborted__Output {
  'checkpointId': (number);
  'reason': (string);
}
