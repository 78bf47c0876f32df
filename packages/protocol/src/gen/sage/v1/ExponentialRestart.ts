// Original file: proto/sage/v1/jobs.proto


export interface ExponentialRestart {
  /**
   * 0: 500
   */
  'initialMs'?: (number);
  /**
   * 0: 60,000
   */
  'maxMs'?: (number);
  /**
   * 0: 2
   */
  'factor'?: (number | string);
  /**
   * 0 to 1: part of the delay that is left to chance; below 0: none; 0: 0.1
   */
  'jitter'?: (number | string);
  /**
   * a job that has run so long begins anew; 0: 600,000
   */
  'resetAfterMs'?: (number);
  /**
   * restarts in a row; 0: 10
   */
  'attempts'?: (number);
}

export interface ExponentialRestart__Output {
  /**
   * 0: 500
   */
  'initialMs': (number);
  /**
   * 0: 60,000
   */
  'maxMs': (number);
  /**
   * 0: 2
   */
  'factor': (number);
  /**
   * 0 to 1: part of the delay that is left to chance; below 0: none; 0: 0.1
   */
  'jitter': (number);
  /**
   * a job that has run so long begins anew; 0: 600,000
   */
  'resetAfterMs': (number);
  /**
   * restarts in a row; 0: 10
   */
  'attempts': (number);
}
