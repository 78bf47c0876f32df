// Original file: proto/sage/v1/workers.proto

import type { StateHandle as _sage_v1_StateHandle, StateHandle__Output as _sage_v1_StateHandle__Output } from '../../sage/v1/StateHandle.ts';

export interface TaskRestore {
  'nodeId'?: (string);
  'index'?: (number);
  /**
   * in order of `from_index`
   */
  'handles'?: (_sage_v1_StateHandle)[];
  /**
   * the groups that this instance owns now: [from, to); take no others from the handles
   */
  'keyGroupFrom'?: (number);
  'keyGroupTo'?: (number);
  /**
   * all former instances had ended before the checkpoint: end at once, but commit what is prepared
   */
  'finished'?: (boolean);
  /**
   * instances that the operator had
   */
  'fromParallelism'?: (number);
}

export interface TaskRestore__Output {
  'nodeId': (string);
  'index': (number);
  /**
   * in order of `from_index`
   */
  'handles': (_sage_v1_StateHandle__Output)[];
  /**
   * the groups that this instance owns now: [from, to); take no others from the handles
   */
  'keyGroupFrom': (number);
  'keyGroupTo': (number);
  /**
   * all former instances had ended before the checkpoint: end at once, but commit what is prepared
   */
  'finished': (boolean);
  /**
   * instances that the operator had
   */
  'fromParallelism': (number);
}
