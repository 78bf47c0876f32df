// Original file: proto/sage/v1/jobs.proto

import type { BlockView as _sage_v1_BlockView, BlockView__Output as _sage_v1_BlockView__Output } from '../../sage/v1/BlockView.ts';

export interface InstanceView {
  'index'?: (number);
  /**
   * created, running, finished, failed, cancelled
   */
  'state'?: (string);
  'host'?: (string);
  'pid'?: (number);
  'recordsIn'?: (number);
  'recordsOut'?: (number);
  'skipped'?: (number);
  'deadLettered'?: (number);
  'retried'?: (number);
  'bytesIn'?: (number);
  'bytesOut'?: (number);
  /**
   * of a bounded source that knows its size: 0 to 1; below 0: unknown
   */
  'progress'?: (number | string);
  'workerId'?: (string);
  /**
   * What its task does with its time, the same for all operators of a chain; busy, back-pressured and idle are all of it.
   */
  'busyMs'?: (number | string);
  /**
   * something behind it takes no more
   */
  'backPressuredMs'?: (number | string);
  /**
   * nothing comes
   */
  'idleMs'?: (number | string);
  /**
   * part of busy: other tasks of the worker had their turn
   */
  'turnMs'?: (number | string);
  /**
   * of the last second or so; 0 when it does not run
   */
  'busyMsPerSecond'?: (number | string);
  'backPressuredMsPerSecond'?: (number | string);
  'idleMsPerSecond'?: (number | string);
  'turnMsPerSecond'?: (number | string);
  /**
   * batches and events that wait in its inputs
   */
  'queuedBatches'?: (number);
  /**
   * of batches from other workers
   */
  'queuedBytes'?: (number);
  /**
   * there is event time, and it has begun
   */
  'hasWatermark'?: (boolean);
  /**
   * since the epoch; may be negative
   */
  'watermarkMs'?: (number | string);
  /**
   * how far the watermark is behind the worker's clock
   */
  'watermarkLagMs'?: (number | string);
  /**
   * in its last snapshot
   */
  'stateBytes'?: (number);
  /**
   * keys that have state
   */
  'stateKeys'?: (number);
  /**
   * how often it was started again
   */
  'restarts'?: (number);
  /**
   * when it last blocked its worker's event loop for over a second; absent: never
   */
  'block'?: (_sage_v1_BlockView | null);
  /**
   * how often it has
   */
  'blocks'?: (number);
  /**
   * From a source to here, of what passed in the last minute: markers that sources emit, and that pass operators by.
   */
  'latencyP50Ms'?: (number | string);
  'latencyP99Ms'?: (number | string);
  'latencyMaxMs'?: (number | string);
  /**
   * 0: none, or not the end of a path
   */
  'latencySamples'?: (number);
  /**
   * of the last second or so; 0 when it does not run
   */
  'recordsInPerSecond'?: (number | string);
  'recordsOutPerSecond'?: (number | string);
}

export interface InstanceView__Output {
  'index': (number);
  /**
   * created, running, finished, failed, cancelled
   */
  'state': (string);
  'host': (string);
  'pid': (number);
  'recordsIn': (number);
  'recordsOut': (number);
  'skipped': (number);
  'deadLettered': (number);
  'retried': (number);
  'bytesIn': (number);
  'bytesOut': (number);
  /**
   * of a bounded source that knows its size: 0 to 1; below 0: unknown
   */
  'progress': (number);
  'workerId': (string);
  /**
   * What its task does with its time, the same for all operators of a chain; busy, back-pressured and idle are all of it.
   */
  'busyMs': (number);
  /**
   * something behind it takes no more
   */
  'backPressuredMs': (number);
  /**
   * nothing comes
   */
  'idleMs': (number);
  /**
   * part of busy: other tasks of the worker had their turn
   */
  'turnMs': (number);
  /**
   * of the last second or so; 0 when it does not run
   */
  'busyMsPerSecond': (number);
  'backPressuredMsPerSecond': (number);
  'idleMsPerSecond': (number);
  'turnMsPerSecond': (number);
  /**
   * batches and events that wait in its inputs
   */
  'queuedBatches': (number);
  /**
   * of batches from other workers
   */
  'queuedBytes': (number);
  /**
   * there is event time, and it has begun
   */
  'hasWatermark': (boolean);
  /**
   * since the epoch; may be negative
   */
  'watermarkMs': (number);
  /**
   * how far the watermark is behind the worker's clock
   */
  'watermarkLagMs': (number);
  /**
   * in its last snapshot
   */
  'stateBytes': (number);
  /**
   * keys that have state
   */
  'stateKeys': (number);
  /**
   * how often it was started again
   */
  'restarts': (number);
  /**
   * when it last blocked its worker's event loop for over a second; absent: never
   */
  'block': (_sage_v1_BlockView__Output | null);
  /**
   * how often it has
   */
  'blocks': (number);
  /**
   * From a source to here, of what passed in the last minute: markers that sources emit, and that pass operators by.
   */
  'latencyP50Ms': (number);
  'latencyP99Ms': (number);
  'latencyMaxMs': (number);
  /**
   * 0: none, or not the end of a path
   */
  'latencySamples': (number);
  /**
   * of the last second or so; 0 when it does not run
   */
  'recordsInPerSecond': (number);
  'recordsOutPerSecond': (number);
}
