// Original file: proto/sage/v1/jobs.proto


export interface RestartView {
  /**
   * that began with it
   */
  'attempt'?: (number);
  'atMs'?: (number);
  'cause'?: (string);
  'code'?: (string);
  'operator'?: (string);
  'index'?: (number);
  'recordNumber'?: (number);
  /**
   * restored; 0: from the start
   */
  'checkpointId'?: (number);
  'delayMs'?: (number);
  /**
   * from the failure until all workers ran again; 0: not yet
   */
  'recoveredMs'?: (number);
  'host'?: (string);
  /**
   * mapped to the user's sources; its first lines
   */
  'stack'?: (string);
  'hint'?: (string);
}

export interface RestartView__Output {
  /**
   * that began with it
   */
  'attempt': (number);
  'atMs': (number);
  'cause': (string);
  'code': (string);
  'operator': (string);
  'index': (number);
  'recordNumber': (number);
  /**
   * restored; 0: from the start
   */
  'checkpointId': (number);
  'delayMs': (number);
  /**
   * from the failure until all workers ran again; 0: not yet
   */
  'recoveredMs': (number);
  'host': (string);
  /**
   * mapped to the user's sources; its first lines
   */
  'stack': (string);
  'hint': (string);
}
