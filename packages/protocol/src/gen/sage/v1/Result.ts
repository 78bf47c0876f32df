// Original file: proto/sage/v1/workers.proto

import type { ResultBatch as _sage_v1_ResultBatch, ResultBatch__Output as _sage_v1_ResultBatch__Output } from '../../sage/v1/ResultBatch.ts';

export interface Result {
  'nodeId'?: (string);
  'batch'?: (_sage_v1_ResultBatch | null);
  /**
   * end of this instance's results; `batch.records` is empty
   */
  'last'?: (boolean);
}

export interface Result__Output {
  'nodeId': (string);
  'batch': (_sage_v1_ResultBatch__Output | null);
  /**
   * end of this instance's results; `batch.records` is empty
   */
  'last': (boolean);
}
