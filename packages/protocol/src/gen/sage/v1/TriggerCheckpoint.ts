// Original file: proto/sage/v1/workers.proto


/**
 * Take a snapshot: the sources put barrier `checkpoint_id` behind what they have emitted.
 */
export interface TriggerCheckpoint {
  /**
   * grows within a job, over all attempts
   */
  'checkpointId'?: (number);
  /**
   * aligned, and complete in itself: no `earlier` files
   */
  'savepoint'?: (boolean);
  /**
   * the sources emit nothing behind the barrier until CheckpointAborted; then they go on
   */
  'halt'?: (boolean);
  /**
   * the sources end behind the barrier
   */
  'drain'?: (boolean);
}

/**
 * Take a snapshot: the sources put barrier `checkpoint_id` behind what they have emitted.
 */
export interface TriggerCheckpoint__Output {
  /**
   * grows within a job, over all attempts
   */
  'checkpointId': (number);
  /**
   * aligned, and complete in itself: no `earlier` files
   */
  'savepoint': (boolean);
  /**
   * the sources emit nothing behind the barrier until CheckpointAborted; then they go on
   */
  'halt': (boolean);
  /**
   * the sources end behind the barrier
   */
  'drain': (boolean);
}
