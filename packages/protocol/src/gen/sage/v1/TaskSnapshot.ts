// Original file: proto/sage/v1/workers.proto

import type { StateFile as _sage_v1_StateFile, StateFile__Output as _sage_v1_StateFile__Output } from '../../sage/v1/StateFile.ts';

export interface TaskSnapshot {
  'nodeId'?: (string);
  'index'?: (number);
  /**
   * none: it has no state
   */
  'files'?: (_sage_v1_StateFile)[];
  'stateBytes'?: (number);
  /**
   * of the write
   */
  'durationMs'?: (number);
  /**
   * from the first to the last barrier
   */
  'alignmentMs'?: (number);
  /**
   * of records that the barrier has overtaken
   */
  'inFlightBytes'?: (number);
  /**
   * had ended before the barrier
   */
  'finished'?: (boolean);
  /**
   * of the operator's state: name and versions, JSON; compared when another program restores it
   */
  'schema'?: (string);
  /**
   * from the trigger until its first barrier came
   */
  'barrierMs'?: (number);
}

export interface TaskSnapshot__Output {
  'nodeId': (string);
  'index': (number);
  /**
   * none: it has no state
   */
  'files': (_sage_v1_StateFile__Output)[];
  'stateBytes': (number);
  /**
   * of the write
   */
  'durationMs': (number);
  /**
   * from the first to the last barrier
   */
  'alignmentMs': (number);
  /**
   * of records that the barrier has overtaken
   */
  'inFlightBytes': (number);
  /**
   * had ended before the barrier
   */
  'finished': (boolean);
  /**
   * of the operator's state: name and versions, JSON; compared when another program restores it
   */
  'schema': (string);
  /**
   * from the trigger until its first barrier came
   */
  'barrierMs': (number);
}
