// Original file: proto/sage/v1/jobs.proto


export interface ProfileFunction {
  /**
   * of an operator's method, with its class
   */
  'name'?: (string);
  /**
   * `file:line` of the user's source; of others what V8 says; may be empty
   */
  'place'?: (string);
  'selfMs'?: (number | string);
  /**
   * with what it called
   */
  'totalMs'?: (number | string);
  'isUsers'?: (boolean);
}

export interface ProfileFunction__Output {
  /**
   * of an operator's method, with its class
   */
  'name': (string);
  /**
   * `file:line` of the user's source; of others what V8 says; may be empty
   */
  'place': (string);
  'selfMs': (number);
  /**
   * with what it called
   */
  'totalMs': (number);
  'isUsers': (boolean);
}
