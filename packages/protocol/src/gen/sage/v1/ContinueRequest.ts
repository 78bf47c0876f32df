// Original file: proto/sage/v1/jobs.proto


export interface ContinueRequest {
  'jobId'?: (string);
  /**
   * new default parallelism; 0: as before
   */
  'parallelism'?: (number);
  /**
   * 0: the last one
   */
  'checkpointId'?: (number);
}

export interface ContinueRequest__Output {
  'jobId': (string);
  /**
   * new default parallelism; 0: as before
   */
  'parallelism': (number);
  /**
   * 0: the last one
   */
  'checkpointId': (number);
}
