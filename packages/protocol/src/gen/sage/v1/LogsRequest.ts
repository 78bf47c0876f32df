// Original file: proto/sage/v1/jobs.proto


export interface LogsRequest {
  'jobId'?: (string);
  'follow'?: (boolean);
  /**
   * only lines behind this number
   */
  'afterSeq'?: (number);
  /**
   * only the last n lines of what is there; 0: all
   */
  'tail'?: (number);
  /**
   * only this operator's lines
   */
  'operator'?: (string);
  /**
   * at least this level: debug, info, warn, error
   */
  'level'?: (string);
}

export interface LogsRequest__Output {
  'jobId': (string);
  'follow': (boolean);
  /**
   * only lines behind this number
   */
  'afterSeq': (number);
  /**
   * only the last n lines of what is there; 0: all
   */
  'tail': (number);
  /**
   * only this operator's lines
   */
  'operator': (string);
  /**
   * at least this level: debug, info, warn, error
   */
  'level': (string);
}
