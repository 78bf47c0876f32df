// Original file: proto/sage/v1/jobs.proto


export interface FailureRateRestart {
  /**
   * more than so many within the interval fail the job; 0: 3
   */
  'failures'?: (number);
  /**
   * 0: 300,000
   */
  'intervalMs'?: (number);
  'delayMs'?: (number);
}

export interface FailureRateRestart__Output {
  /**
   * more than so many within the interval fail the job; 0: 3
   */
  'failures': (number);
  /**
   * 0: 300,000
   */
  'intervalMs': (number);
  'delayMs': (number);
}
