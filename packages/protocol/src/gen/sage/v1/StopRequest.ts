// Original file: proto/sage/v1/jobs.proto


export interface StopRequest {
  'jobId'?: (string);
  /**
   * without a savepoint: what came behind the last checkpoint is done again by Continue
   */
  'now'?: (boolean);
  /**
   * the sources end, all records come out, and the job completes
   */
  'drain'?: (boolean);
}

export interface StopRequest__Output {
  'jobId': (string);
  /**
   * without a savepoint: what came behind the last checkpoint is done again by Continue
   */
  'now': (boolean);
  /**
   * the sources end, all records come out, and the job completes
   */
  'drain': (boolean);
}
