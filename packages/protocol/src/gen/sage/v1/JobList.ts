// Original file: proto/sage/v1/jobs.proto

import type { JobView as _sage_v1_JobView, JobView__Output as _sage_v1_JobView__Output } from '../../sage/v1/JobView.ts';

/**
 * In long lists, ended jobs come without operators and services.
 */
export interface JobList {
  'jobs'?: (_sage_v1_JobView)[];
}

/**
 * In long lists, ended jobs come without operators and services.
 */
export interface JobList__Output {
  'jobs': (_sage_v1_JobView__Output)[];
}
