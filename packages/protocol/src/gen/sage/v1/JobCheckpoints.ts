// Original file: proto/sage/v1/jobs.proto


export interface JobCheckpoints {
  /**
   * 0: only savepoints
   */
  'intervalMs'?: (number);
  /**
   * a checkpoint that takes longer is given up; 0: 600,000
   */
  'timeoutMs'?: (number);
  /**
   * so many checkpoints are kept; 0: 3. Savepoints are kept until the job is deleted
   */
  'keep'?: (number);
  /**
   * 0: 1,000
   */
  'alignmentTimeoutMs'?: (number);
  /**
   * so many in a row do not fail the job; 0: any number
   */
  'toleratedFailures'?: (number);
  /**
   * between the end of one and the start of the next
   */
  'minPauseMs'?: (number);
  /**
   * "at-least-once": barriers do not wait for one another, and state may count records twice after a failure; else exactly-once
   */
  'guarantee'?: (string);
}

export interface JobCheckpoints__Output {
  /**
   * 0: only savepoints
   */
  'intervalMs': (number);
  /**
   * a checkpoint that takes longer is given up; 0: 600,000
   */
  'timeoutMs': (number);
  /**
   * so many checkpoints are kept; 0: 3. Savepoints are kept until the job is deleted
   */
  'keep': (number);
  /**
   * 0: 1,000
   */
  'alignmentTimeoutMs': (number);
  /**
   * so many in a row do not fail the job; 0: any number
   */
  'toleratedFailures': (number);
  /**
   * between the end of one and the start of the next
   */
  'minPauseMs': (number);
  /**
   * "at-least-once": barriers do not wait for one another, and state may count records twice after a failure; else exactly-once
   */
  'guarantee': (string);
}
