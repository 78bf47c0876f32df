// Original file: proto/sage/v1/workers.proto


export interface GroupTime {
  'group'?: (string);
  /**
   * of a report: the least of its sources here; of a limit: no source of it goes beyond
   */
  'timeMs'?: (number | string);
}

export interface GroupTime__Output {
  'group': (string);
  /**
   * of a report: the least of its sources here; of a limit: no source of it goes beyond
   */
  'timeMs': (number);
}
