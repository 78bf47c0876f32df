// Original file: proto/sage/v1/jobs.proto

import type { RayView as _sage_v1_RayView, RayView__Output as _sage_v1_RayView__Output } from '../../sage/v1/RayView.ts';

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
  /**
   * absent: not asked for, or there is none
   */
  'rayCluster'?: (_sage_v1_RayView | null);
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
  /**
   * absent: not asked for, or there is none
   */
  'rayCluster': (_sage_v1_RayView__Output | null);
}
