// Original file: proto/sage/v1/workers.proto

import type { TaskSnapshot as _sage_v1_TaskSnapshot, TaskSnapshot__Output as _sage_v1_TaskSnapshot__Output } from '../../sage/v1/TaskSnapshot.ts';

/**
 * All tasks of this worker have written their snapshot, those that have ended too (`finished`). Their files are whole,
 * fsynced and under their names in the staging folder before this is sent.
 */
export interface SnapshotAck {
  'checkpointId'?: (number);
  'tasks'?: (_sage_v1_TaskSnapshot)[];
  /**
   * from TriggerCheckpoint to this message
   */
  'durationMs'?: (number);
}

/**
 * All tasks of this worker have written their snapshot, those that have ended too (`finished`). Their files are whole,
 * fsynced and under their names in the staging folder before this is sent.
 */
export interface SnapshotAck__Output {
  'checkpointId': (number);
  'tasks': (_sage_v1_TaskSnapshot__Output)[];
  /**
   * from TriggerCheckpoint to this message
   */
  'durationMs': (number);
}
