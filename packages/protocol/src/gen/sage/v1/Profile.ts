// Original file: proto/sage/v1/workers.proto


/**
 * Take a CPU profile of this process.
 */
export interface Profile {
  'id'?: (number);
  'durationMs'?: (number);
}

/**
 * Take a CPU profile of this process.
 */
export interface Profile__Output {
  'id': (number);
  'durationMs': (number);
}
