// Original file: proto/sage/v1/jobs.proto


export interface FixedRestart {
  /**
   * restarts in all; 0: 3
   */
  'attempts'?: (number);
  'delayMs'?: (number);
}

export interface FixedRestart__Output {
  /**
   * restarts in all; 0: 3
   */
  'attempts': (number);
  'delayMs': (number);
}
