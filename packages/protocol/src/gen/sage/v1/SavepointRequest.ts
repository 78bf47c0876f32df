// Original file: proto/sage/v1/jobs.proto


export interface SavepointRequest {
  'jobId'?: (string);
  /**
   * UUID, made by the client: the same id again is the same savepoint
   */
  'savepointId'?: (string);
}

export interface SavepointRequest__Output {
  'jobId': (string);
  /**
   * UUID, made by the client: the same id again is the same savepoint
   */
  'savepointId': (string);
}
