// Original file: proto/sage/v1/jobs.proto


export interface FailureView {
  'code'?: (string);
  'fault'?: (string);
  'message'?: (string);
  /**
   * name, empty if no operator failed
   */
  'operator'?: (string);
  'index'?: (number);
  /**
   * from 1; 0: not while processing a record
   */
  'recordNumber'?: (number);
  /**
   * mapped to the user's sources
   */
  'stack'?: (string);
  'hint'?: (string);
  'host'?: (string);
  'atMs'?: (number);
}

export interface FailureView__Output {
  'code': (string);
  'fault': (string);
  'message': (string);
  /**
   * name, empty if no operator failed
   */
  'operator': (string);
  'index': (number);
  /**
   * from 1; 0: not while processing a record
   */
  'recordNumber': (number);
  /**
   * mapped to the user's sources
   */
  'stack': (string);
  'hint': (string);
  'host': (string);
  'atMs': (number);
}
