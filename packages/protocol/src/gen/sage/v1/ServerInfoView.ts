// Original file: proto/sage/v1/jobs.proto


export interface ServerInfoView {
  'version'?: (string);
  'sessionId'?: (string);
  'startedAtMs'?: (number);
  'logDir'?: (string);
  'driver'?: (string);
  'pid'?: (number);
  'jobsByPhase'?: ({[key: string]: number});
  'home'?: (string);
  /**
   * of the door for browsers, on loopback; 0: none
   */
  'httpPort'?: (number);
}

export interface ServerInfoView__Output {
  'version': (string);
  'sessionId': (string);
  'startedAtMs': (number);
  'logDir': (string);
  'driver': (string);
  'pid': (number);
  'jobsByPhase': ({[key: string]: number});
  'home': (string);
  /**
   * of the door for browsers, on loopback; 0: none
   */
  'httpPort': (number);
}
