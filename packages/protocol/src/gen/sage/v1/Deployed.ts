// Original file: proto/sage/v1/workers.proto


/**
 * Functions found, state restored, services set up, channels connected.
 */
export interface Deployed {
  'fingerprint'?: (string);
  /**
   * the answer to `replan_parallelism`
   */
  'planJson'?: (string);
}

/**
 * Functions found, state restored, services set up, channels connected.
 */
export interface Deployed__Output {
  'fingerprint': (string);
  /**
   * the answer to `replan_parallelism`
   */
  'planJson': (string);
}
