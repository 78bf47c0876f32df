// Original file: proto/sage/v1/jobs.proto


export interface BlockView {
  /**
   * when it began
   */
  'atMs'?: (number);
  /**
   * so far, or in all
   */
  'durationMs'?: (number);
  'isOver'?: (boolean);
  /**
   * where it was, mapped to the user's sources; empty: not in the user's code
   */
  'stack'?: (string);
}

export interface BlockView__Output {
  /**
   * when it began
   */
  'atMs': (number);
  /**
   * so far, or in all
   */
  'durationMs': (number);
  'isOver': (boolean);
  /**
   * where it was, mapped to the user's sources; empty: not in the user's code
   */
  'stack': (string);
}
