// Original file: proto/sage/v1/jobs.proto


export interface ServerInfoRequest {
  /**
   * look at the Ray cluster, too: that may take a few seconds
   */
  'ray'?: (boolean);
}

export interface ServerInfoRequest__Output {
  /**
   * look at the Ray cluster, too: that may take a few seconds
   */
  'ray': (boolean);
}
