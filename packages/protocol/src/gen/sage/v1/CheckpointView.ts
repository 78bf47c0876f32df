// Original file: proto/sage/v1/jobs.proto

import type { SlowestTask as _sage_v1_SlowestTask, SlowestTask__Output as _sage_v1_SlowestTask__Output } from '../../sage/v1/SlowestTask.ts';

export interface CheckpointView {
  'id'?: (number);
  /**
   * checkpoint, savepoint
   */
  'kind'?: (string);
  /**
   * pending, complete, failed, deleted
   */
  'state'?: (string);
  'triggeredAtMs'?: (number);
  'durationMs'?: (number);
  /**
   * of all its state
   */
  'bytes'?: (number);
  /**
   * written for it
   */
  'newBytes'?: (number);
  'attempt'?: (number);
  /**
   * the longest of its tasks
   */
  'alignmentMs'?: (number);
  /**
   * why it failed, or what it was taken for
   */
  'reason'?: (string);
  'path'?: (string);
  'savepointId'?: (string);
  /**
   * of a complete checkpoint: who was waited for
   */
  'slowest'?: (_sage_v1_SlowestTask | null);
  /**
   * of records that barriers have overtaken
   */
  'overtakenBytes'?: (number);
}

export interface CheckpointView__Output {
  'id': (number);
  /**
   * checkpoint, savepoint
   */
  'kind': (string);
  /**
   * pending, complete, failed, deleted
   */
  'state': (string);
  'triggeredAtMs': (number);
  'durationMs': (number);
  /**
   * of all its state
   */
  'bytes': (number);
  /**
   * written for it
   */
  'newBytes': (number);
  'attempt': (number);
  /**
   * the longest of its tasks
   */
  'alignmentMs': (number);
  /**
   * why it failed, or what it was taken for
   */
  'reason': (string);
  'path': (string);
  'savepointId': (string);
  /**
   * of a complete checkpoint: who was waited for
   */
  'slowest': (_sage_v1_SlowestTask__Output | null);
  /**
   * of records that barriers have overtaken
   */
  'overtakenBytes': (number);
}
