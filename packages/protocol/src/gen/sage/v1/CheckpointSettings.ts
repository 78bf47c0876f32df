// Original file: proto/sage/v1/workers.proto


export interface CheckpointSettings {
  /**
   * 0: only savepoints, and what AwaitsCheckpoint asks for
   */
  'intervalMs'?: (number);
  /**
   * a barrier that has waited so long for the other inputs passes the queued records; 0: it waits on
   */
  'alignmentTimeoutMs'?: (number);
  /**
   * of this attempt, exists, on the same file system as the store; empty: use StateUpload
   */
  'stagingDir'?: (string);
  /**
   * "exactly-once" (aligned) or "at-least-once" (barriers do not block)
   */
  'guarantee'?: (string);
}

export interface CheckpointSettings__Output {
  /**
   * 0: only savepoints, and what AwaitsCheckpoint asks for
   */
  'intervalMs': (number);
  /**
   * a barrier that has waited so long for the other inputs passes the queued records; 0: it waits on
   */
  'alignmentTimeoutMs': (number);
  /**
   * of this attempt, exists, on the same file system as the store; empty: use StateUpload
   */
  'stagingDir': (string);
  /**
   * "exactly-once" (aligned) or "at-least-once" (barriers do not block)
   */
  'guarantee': (string);
}
