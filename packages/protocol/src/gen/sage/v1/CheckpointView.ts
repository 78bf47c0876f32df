// Original file: proto/sage/v1/jobs.proto


export interface CheckpointView {
  'id'?: (number);
  /**
   * checkpoint, savepoint
   */
  'kind'?: (string);
  /**
   * pending, complete, failed, deleted
   */
  'state'?: (string);
  'triggeredAtMs'?: (number);
  'durationMs'?: (number);
  /**
   * of all its state
   */
  'bytes'?: (number);
  /**
   * written for it
   */
  'newBytes'?: (number);
  'attempt'?: (number);
  /**
   * the longest of its tasks
   */
  'alignmentMs'?: (number);
  /**
   * why it failed, or what it was taken for
   */
  'reason'?: (string);
  'path'?: (string);
  'savepointId'?: (string);
}

export interface CheckpointView__Output {
  'id': (number);
  /**
   * checkpoint, savepoint
   */
  'kind': (string);
  /**
   * pending, complete, failed, deleted
   */
  'state': (string);
  'triggeredAtMs': (number);
  'durationMs': (number);
  /**
   * of all its state
   */
  'bytes': (number);
  /**
   * written for it
   */
  'newBytes': (number);
  'attempt': (number);
  /**
   * the longest of its tasks
   */
  'alignmentMs': (number);
  /**
   * why it failed, or what it was taken for
   */
  'reason': (string);
  'path': (string);
  'savepointId': (string);
}
