// Original file: proto/sage/v1/jobs.proto


export interface ServiceView {
  'name'?: (string);
  /**
   * worker index
   */
  'index'?: (number);
  'state'?: (string);
  'calls'?: (number);
  'failures'?: (number);
  'restarts'?: (number);
  'queued'?: (number);
}

export interface ServiceView__Output {
  'name': (string);
  /**
   * worker index
   */
  'index': (number);
  'state': (string);
  'calls': (number);
  'failures': (number);
  'restarts': (number);
  'queued': (number);
}
