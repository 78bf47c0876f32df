// Original file: proto/sage/v1/jobs.proto

import type { JobPhase as _sage_v1_JobPhase, JobPhase__Output as _sage_v1_JobPhase__Output } from '../../sage/v1/JobPhase.ts';

export interface ListRequest {
  /**
   * empty: all that are not deleted
   */
  'phases'?: (_sage_v1_JobPhase)[];
  'withDeleted'?: (boolean);
}

export interface ListRequest__Output {
  /**
   * empty: all that are not deleted
   */
  'phases': (_sage_v1_JobPhase__Output)[];
  'withDeleted': (boolean);
}
