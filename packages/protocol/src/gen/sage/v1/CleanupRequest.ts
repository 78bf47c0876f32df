// Original file: proto/sage/v1/jobs.proto


export interface CleanupRequest {
  'force'?: (boolean);
  /**
   * only jobs that ended at least this long ago
   */
  'olderThanMs'?: (number);
}

export interface CleanupRequest__Output {
  'force': (boolean);
  /**
   * only jobs that ended at least this long ago
   */
  'olderThanMs': (number);
}
