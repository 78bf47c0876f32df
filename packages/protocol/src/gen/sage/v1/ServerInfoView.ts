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
}
