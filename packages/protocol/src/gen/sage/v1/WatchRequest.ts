// Original file: proto/sage/v1/jobs.proto


export interface WatchRequest {
  'jobId'?: (string);
  /**
   * 0: 250
   */
  'minIntervalMs'?: (number);
}

export interface WatchRequest__Output {
  'jobId': (string);
  /**
   * 0: 250
   */
  'minIntervalMs': (number);
}
