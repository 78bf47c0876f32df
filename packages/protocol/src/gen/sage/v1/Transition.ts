// Original file: proto/sage/v1/jobs.proto

import type { JobPhase as _sage_v1_JobPhase, JobPhase__Output as _sage_v1_JobPhase__Output } from '../../sage/v1/JobPhase.ts';

export interface Transition {
  'phase'?: (_sage_v1_JobPhase);
  'atMs'?: (number);
  'reason'?: (string);
}

export interface Transition__Output {
  'phase': (_sage_v1_JobPhase__Output);
  'atMs': (number);
  'reason': (string);
}
