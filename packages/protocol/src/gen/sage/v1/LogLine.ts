// Original file: proto/sage/v1/jobs.proto


export interface LogLine {
  'seq'?: (number);
  'timeMs'?: (number);
  'level'?: (string);
  /**
   * empty: the job itself
   */
  'operator'?: (string);
  'index'?: (number);
  'host'?: (string);
  /**
   * "log", "stdout" or "stderr": where the user's code wrote it
   */
  'stream'?: (string);
  'text'?: (string);
}

export interface LogLine__Output {
  'seq': (number);
  'timeMs': (number);
  'level': (string);
  /**
   * empty: the job itself
   */
  'operator': (string);
  'index': (number);
  'host': (string);
  /**
   * "log", "stdout" or "stderr": where the user's code wrote it
   */
  'stream': (string);
  'text': (string);
}
