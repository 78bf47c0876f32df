// Original file: proto/sage/v1/workers.proto

import type { TaskMetrics as _sage_v1_TaskMetrics, TaskMetrics__Output as _sage_v1_TaskMetrics__Output } from '../../sage/v1/TaskMetrics.ts';

/**
 * All tasks of the worker have ended, its sinks are closed and its services cleaned up.
 */
export interface Finished {
  'tasks'?: (_sage_v1_TaskMetrics)[];
}

/**
 * All tasks of the worker have ended, its sinks are closed and its services cleaned up.
 */
export interface Finished__Output {
  'tasks': (_sage_v1_TaskMetrics__Output)[];
}
