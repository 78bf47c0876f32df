// Original file: proto/sage/v1/jobs.proto


/**
 * The task that a checkpoint waited for, and what it spent the time on.
 */
export interface SlowestTask {
  'operator'?: (string);
  'index'?: (number);
  'host'?: (string);
  /**
   * from the trigger until its first barrier came: records queued before it
   */
  'barrierMs'?: (number);
  /**
   * from the first to the last barrier
   */
  'alignmentMs'?: (number);
  'writeMs'?: (number);
}

/**
 * The task that a checkpoint waited for, and what it spent the time on.
 */
export interface SlowestTask__Output {
  'operator': (string);
  'index': (number);
  'host': (string);
  /**
   * from the trigger until its first barrier came: records queued before it
   */
  'barrierMs': (number);
  /**
   * from the first to the last barrier
   */
  'alignmentMs': (number);
  'writeMs': (number);
}
