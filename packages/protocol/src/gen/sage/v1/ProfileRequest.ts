// Original file: proto/sage/v1/jobs.proto


export interface ProfileRequest {
  'jobId'?: (string);
  /**
   * instance i of every operator runs on worker i
   */
  'workerIndex'?: (number);
  /**
   * 0: 5,000
   */
  'durationMs'?: (number);
}

export interface ProfileRequest__Output {
  'jobId': (string);
  /**
   * instance i of every operator runs on worker i
   */
  'workerIndex': (number);
  /**
   * 0: 5,000
   */
  'durationMs': (number);
}
