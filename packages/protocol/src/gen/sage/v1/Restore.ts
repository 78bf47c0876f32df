// Original file: proto/sage/v1/workers.proto

import type { TaskRestore as _sage_v1_TaskRestore, TaskRestore__Output as _sage_v1_TaskRestore__Output } from '../../sage/v1/TaskRestore.ts';

/**
 * What the tasks of one worker start from. It holds for the tasks that are named; all others begin at the start.
 */
export interface Restore {
  'checkpointId'?: (number);
  'tasks'?: (_sage_v1_TaskRestore)[];
  /**
   * names of state that the program seems to have given up are no error
   */
  'allowDroppedState'?: (boolean);
}

/**
 * What the tasks of one worker start from. It holds for the tasks that are named; all others begin at the start.
 */
export interface Restore__Output {
  'checkpointId': (number);
  'tasks': (_sage_v1_TaskRestore__Output)[];
  /**
   * names of state that the program seems to have given up are no error
   */
  'allowDroppedState': (boolean);
}
