// Original file: proto/sage/v1/workers.proto


export interface GroupTime {
  'group'?: (string);
  /**
   * event time of the least of its sources; Infinity: none is waited for
   */
  'timeMs'?: (number | string);
}

export interface GroupTime__Output {
  'group': (string);
  /**
   * event time of the least of its sources; Infinity: none is waited for
   */
  'timeMs': (number);
}
